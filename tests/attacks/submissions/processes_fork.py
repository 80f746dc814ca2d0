"""Tries: to start processes in every way that there is: fork, vfork, clone, clone3, posix_spawn, execve, system.

Layer: seccomp. (In the own pid namespace they would die with the worker.)
Aims at: exercise 1.
"""


def attack():
    import multiprocessing
    import subprocess

    def clone3():
        arguments = (ctypes.c_uint64 * 11)(0, 0, 0, 0, 17)
        child = system_call(435, arguments, 88)
        if child == 0:
            os._exit(0)
        return child

    def forked(make):
        child = make()
        if child == 0:
            os._exit(0)
        return child

    return {
        "fork": attempt(lambda: forked(os.fork)),
        "raw fork": attempt(lambda: forked(lambda: system_call(57))),
        "clone": attempt(lambda: forked(lambda: system_call(56, 17, 0, 0, 0, 0))),
        "clone of files": attempt(lambda: forked(lambda: system_call(56, 0x400 | 17, 0, 0, 0, 0))),
        "clone3": attempt(clone3),
        "vfork": attempt(lambda: subprocess.run(["/bin/true"], check=True)),
        "spawn": attempt(lambda: os.posix_spawn("/bin/true", ["true"], {})),
        "exec": attempt(lambda: os.execv("/bin/true", ["true"])),
        "execveat": attempt(lambda: system_call(322, -100, b"/bin/true", None, None, 0)),
        "system": "closed" if os.system("true") != 0 else "OPEN",
        "forkserver": attempt(lambda: multiprocessing.get_context("fork").Process(target=print).start()),
    }
