"""Tries: to open files without a path: file handles, io_uring, an inherited folder descriptor.

Layer: seccomp; landlock for descriptors; the worker inherits none.
Aims at: exercise 1.
"""


def attack():
    handle = ctypes.create_string_buffer(128)
    handle[0] = 120
    mount = ctypes.c_int()
    params = ctypes.create_string_buffer(120)
    return {
        "name_to_handle_at": attempt(lambda: system_call(303, -100, b"/", handle, ctypes.byref(mount), 0)),
        "open_by_handle_at": attempt(lambda: system_call(304, -100, handle, 0)),
        "io_uring_setup": attempt(lambda: system_call(425, 8, params)),
        "open_tree": attempt(lambda: system_call(428, -100, b"/", 1)),
        "inherited": attempt(lambda: [os.readlink(f"/proc/self/fd/{fd}") for fd in range(3, 64) if os.path.isdir(f"/proc/self/fd/{fd}")][0]),
    }
