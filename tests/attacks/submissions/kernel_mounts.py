"""Tries: to mount, to unmount the scratch folder, to change the root and to leave a chroot.

Layer: seccomp; landlock.
Aims at: exercise 1.
"""


def attack():
    os.mkdir("m")
    return {
        "tmpfs": attempt(lambda: c("mount", b"none", b"m", b"tmpfs", 0, None)),
        "bind": attempt(lambda: c("mount", b"/", b"m", None, ctypes.c_ulong(4096), None)),
        "remount": attempt(lambda: c("mount", None, b"/", None, ctypes.c_ulong(32), None)),
        "umount": attempt(lambda: c("umount2", b"/", 2)),
        "chroot": attempt(lambda: os.chroot("m")),
        "pivot": attempt(lambda: system_call(155, b"m", b"m")),
        "fsopen": attempt(lambda: system_call(430, b"tmpfs", 0)),
        "move_mount": attempt(lambda: system_call(429, -100, b"/", -100, b"m", 0)),
        "mount_setattr": attempt(lambda: system_call(442, -100, b"/", 0, (ctypes.c_uint64 * 4)(0, 1, 0, 0), 32)),
        "open_tree_attr": attempt(lambda: system_call(467, -100, b"/", 1, None, 0)),
        "statmount": attempt(lambda: system_call(457, None, None, 0, 0)),
    }
