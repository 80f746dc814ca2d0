"""Tries: one allocation far beyond every limit, and an array that NumPy should make of it.

Layer: limits (data segment); it fails where it is asked for.
Aims at: exercise 1.
"""


def attack():
    return {
        "bytes": attempt(lambda: len(bytearray(2**37))),
        "array": attempt(lambda: np.ones(2**36).size),
        "string": attempt(lambda: len("x" * 2**40)),
    }
