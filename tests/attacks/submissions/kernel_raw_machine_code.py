"""Tries: to fork by machine code, past libc and ctypes' wrappers.

Layer: seccomp.
Aims at: exercise 1.
"""


def attack():
    fork = b"\xb8\x39\x00\x00\x00\x0f\x05\xc3"  # mov eax, 57; syscall; ret
    child = machine_code(fork)
    if child == 0:
        os._exit(0)
    return {"fork": "OPEN" if child > 0 else "closed"}
