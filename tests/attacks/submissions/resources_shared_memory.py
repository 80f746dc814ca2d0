"""Tries: memory that a limit on private memory does not count: shared anonymous mappings.

Layer: the judge's watch.
Aims at: exercise 1.
"""


def attack():
    import mmap
    import time

    held = []
    while True:
        held.append(mmap.mmap(-1, 16 * 2**20))
        held[-1].write(b"x" * (16 * 2**20))
        time.sleep(0.01)
