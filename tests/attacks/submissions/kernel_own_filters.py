"""Tries: to loosen what binds it: another seccomp filter, another Landlock domain, new privileges, a listener.

Layer: seccomp, landlock: both can only be tightened.
Aims at: exercise 1.
"""


def attack():
    program = (ctypes.c_uint64 * 1)(0x7FFF0000_00000006)  # return ALLOW
    fprog = ctypes.create_string_buffer((1).to_bytes(8, "little") + ctypes.addressof(program).to_bytes(8, "little"))
    attempt(lambda: system_call(317, 1, 0, fprog))
    return {
        "fork after a filter that allows": attempt(os.fork),
        "read after it": attempt(lambda: open(PLACES["key"]).read()),
        "new privileges": attempt(lambda: c("prctl", 38, 0, 0, 0, 0)),
        "keep capabilities": attempt(lambda: c("prctl", 47, 2, 0, 0, 0)),
        "capset": attempt(lambda: c("capset", (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)(*[0xFFFFFFFF] * 6))),
        "landlock": attempt(lambda: system_call(446, 3, 0)),
    }
