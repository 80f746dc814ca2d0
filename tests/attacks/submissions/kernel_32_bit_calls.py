"""Tries: system calls of the 32-bit interface (int 0x80), whose numbers mean something else to a filter.

Layer: seccomp (another architecture ends the process).
Aims at: exercise 1.
"""


def attack():
    getpid = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20; int 0x80; ret
    return {"getpid": attempt(lambda: machine_code(getpid))}
