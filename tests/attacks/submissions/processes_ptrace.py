"""Tries: to trace, read and write other processes: ptrace, process_vm_*, pidfd_getfd, kcmp, perf.

Layer: seccomp; landlock (a process outside its domain cannot be traced); namespaces.
Aims at: exercise 1.
"""


def attack():
    found = {}
    for name in ("judge", "warm"):
        pid = PLACES[name]
        vector = (ctypes.c_uint64 * 2)(id(pid), 8)
        found[f"attach {name}"] = attempt(lambda: system_call(101, 16, pid, 0, 0))
        found[f"seize {name}"] = attempt(lambda: system_call(101, 0x4206, pid, 0, 0))
        found[f"read {name}"] = attempt(lambda: system_call(310, pid, vector, 1, vector, 1, 0))
        found[f"write {name}"] = attempt(lambda: system_call(311, pid, vector, 1, vector, 1, 0))
        found[f"kcmp {name}"] = attempt(lambda: system_call(312, pid, pid, 2, 0, 0))
        found[f"robust list {name}"] = attempt(lambda: system_call(274, pid, vector, vector))
        found[f"mem {name}"] = attempt(lambda: open(f"/proc/{pid}/mem", "r+b"))
    found["traceme"] = attempt(lambda: system_call(101, 0, 0, 0, 0))
    found["pidfd_getfd"] = attempt(lambda: system_call(438, 3, 0, 0))
    return found
