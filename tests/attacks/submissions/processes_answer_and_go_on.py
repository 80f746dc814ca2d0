"""Tries: to answer rightly and to go on computing in threads, at exit and in native code while others are graded.

Layer: none needed: the worker ends with its submission.
Aims at: exercise 1; its answer is right and earns its points.
"""
import atexit
import threading


def compute_fans(kernel_shape):
    def spin():
        while True:
            sum(range(100_000))

    for _ in range(4):
        threading.Thread(target=spin, daemon=False).start()
    atexit.register(spin)
    return right_fans(kernel_shape)
