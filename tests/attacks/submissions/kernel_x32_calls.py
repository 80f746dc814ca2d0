"""Tries: system calls of the x32 interface, which are those of 64 bits with one more bit.

Layer: seccomp.
Aims at: exercise 1.
"""


def attack():
    socket = b"\xb8\x29\x00\x00\x40\xbf\x02\x00\x00\x00\xbe\x01\x00\x00\x00\x31\xd2\x0f\x05\xc3"  # socket(2, 1, 0)
    return {"socket": "OPEN" if machine_code(socket) >= 0 else "closed"}
