"""What every attack has at hand: it is laid in front of the submission, as a cell of its own."""

import ctypes
import math
import os

LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(action):
    """Do it, and tell what came of it: OPEN and the result, or closed and the error."""
    try:
        return f"OPEN {action()!r}"[:2000]
    except BaseException as error:
        return f"closed {type(error).__name__} {error}"[:300]


def c(name, *arguments):
    """Call a function of the C library; -1 raises OSError."""
    result = getattr(LIBC, name)(*arguments)
    if result == -1:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return result


def system_call(number, *arguments):
    """Make a system call by its number on x86-64."""
    return c("syscall", ctypes.c_long(number), *arguments)


def machine_code(code):
    """Run bytes as a function without arguments, past every library."""
    import mmap

    page = mmap.mmap(-1, 4096, prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    address = ctypes.addressof(ctypes.c_char.from_buffer(page))
    return ctypes.CFUNCTYPE(ctypes.c_long)(address)()


def right_fans(kernel_shape):
    """What an honest compute_fans returns."""
    *window, inputs, outputs = kernel_shape
    return [math.prod(window) * inputs, math.prod(window) * outputs]
