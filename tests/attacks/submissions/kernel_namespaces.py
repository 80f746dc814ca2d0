"""Tries: to become root in namespaces of its own and to mount there.

Layer: seccomp; landlock (no mounts).
Aims at: exercise 1.
"""


def attack():
    flags = {"user": 0x10000000, "mounts": 0x20000, "network": 0x40000000, "pids": 0x20000000, "names": 0x4000000}
    found = {name: attempt(lambda: system_call(272, flag)) for name, flag in flags.items()}
    found["setns"] = attempt(lambda: system_call(308, os.open("/proc/self/ns/user", 0), 0))
    found["clone"] = attempt(lambda: system_call(56, 0x10000000 | 17, 0, 0, 0, 0))
    found["thread with a namespace"] = attempt(lambda: system_call(56, 0x10000 | 0x10000000, 0, 0, 0, 0))
    return found
