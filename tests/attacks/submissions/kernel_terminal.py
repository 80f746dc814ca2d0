"""Tries: to type into the instructor's terminal (TIOCSTI, TIOCLINUX) and to take it as its own.

Layer: seccomp (ioctl for some requests only); no terminal is inherited.
Aims at: exercise 1.
"""


def attack():
    byte = ctypes.c_char(b"x")
    found = {"tty": attempt(lambda: os.open("/dev/tty", os.O_RDWR)), "pts": attempt(lambda: os.open("/dev/pts/0", 2))}
    for fd in range(3):
        for name, request in (("TIOCSTI", 0x5412), ("TIOCLINUX", 0x541C), ("TIOCSCTTY", 0x540E), ("hidden", 0x1_00005412)):
            found[f"{fd} {name}"] = attempt(lambda: c("ioctl", fd, ctypes.c_ulong(request), ctypes.byref(byte)))
    return found
