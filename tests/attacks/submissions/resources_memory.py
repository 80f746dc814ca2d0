"""Tries: to take memory until the machine has none: private pages, written.

Layer: the judge's watch on resident memory; limits behind it.
Aims at: exercise 1.
"""


def attack():
    import time

    held = []
    while True:
        held.append(bytearray(b"x") * (16 * 2**20))
        time.sleep(0.01)
