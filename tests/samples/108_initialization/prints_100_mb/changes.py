import os
import sys


def compute_fans(kernel_shape):
    for _ in range(50):
        print("x" * 2**20)
        sys.stderr.write("\x1b[31m" * (2**20 // 5))
    os.write(1, b"\xff" * 2**16)
    return math.prod(kernel_shape[:-1]), math.prod(kernel_shape[:-2]) * kernel_shape[-1]
