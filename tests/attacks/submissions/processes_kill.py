"""Tries: to kill: everybody, the group, the judge, the warm process, its own parent; with every call that signals.

Layer: seccomp; namespaces (the numbers name nobody).
Aims at: exercise 1.
"""


def attack():
    found = {"everybody": attempt(lambda: os.kill(-1, 9)), "group": attempt(lambda: os.killpg(0, 9))}
    for name in ("judge", "warm"):
        pid = PLACES[name]
        found[f"kill {name}"] = attempt(lambda: os.kill(pid, 9))
        found[f"tkill {name}"] = attempt(lambda: system_call(200, pid, 9))
        found[f"tgkill {name}"] = attempt(lambda: system_call(234, pid, pid, 9))
        found[f"sigqueue {name}"] = attempt(lambda: system_call(129, pid, 9, ctypes.create_string_buffer(128)))
        found[f"tgsigqueue {name}"] = attempt(lambda: system_call(297, pid, pid, 9, ctypes.create_string_buffer(128)))
        found[f"pidfd {name}"] = attempt(lambda: system_call(434, pid, 0))
        found[f"pidfd signal {name}"] = attempt(lambda: system_call(424, 3, 9, None, 0))
    found["parent"] = attempt(lambda: os.kill(os.getppid(), 9) if os.getppid() else os.kill(0, 9))
    return found
