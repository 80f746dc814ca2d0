"""Tries: to change modes, owners, times and attributes of files that it may read; as their owner it would be allowed to.

Layer: seccomp; scratch (read-only mounts).
Aims at: exercise 1.
"""


def attack():
    path = np.__file__
    name = path.encode()
    fd = os.open(path, os.O_RDONLY)
    flags = ctypes.c_long(0x40)
    args = (ctypes.c_uint64 * 2)()
    return {
        "chmod": attempt(lambda: os.chmod(path, 0o777)),
        "fchmod": attempt(lambda: os.fchmod(fd, 0o777)),
        "fchmodat2": attempt(lambda: system_call(452, -100, name, 0o777, 0)),
        "chown": attempt(lambda: os.chown(path, os.getuid(), os.getgid())),
        "lchown": attempt(lambda: os.lchown(path, os.getuid(), os.getgid())),
        "utime": attempt(lambda: os.utime(path, (0, 0))),
        "futimens": attempt(lambda: os.utime(fd, (0, 0))),
        "setxattr": attempt(lambda: os.setxattr(path, "user.grade", b"10")),
        "fsetxattr": attempt(lambda: os.setxattr(fd, "user.grade", b"10")),
        "setxattrat": attempt(lambda: system_call(463, -100, name, 0, b"user.grade", args, 16)),
        "file_setattr": attempt(lambda: system_call(469, -100, name, args, 16, 0)),
        "chattr": attempt(lambda: c("ioctl", fd, ctypes.c_ulong(0x40086602), ctypes.byref(flags))),
        "chattr, high bits set": attempt(lambda: c("ioctl", fd, ctypes.c_ulong(0x1_40086602), ctypes.byref(flags))),
        "verity": attempt(lambda: c("ioctl", fd, ctypes.c_ulong(0x40806685), ctypes.create_string_buffer(128))),
        "lease": attempt(lambda: c("fcntl", fd, 1024, 0)),
    }
