"""Tries: to overflow the C stack.

Layer: the own process.
Aims at: exercise 1.
"""


def attack():
    import sys

    sys.setrecursionlimit(10**9)
    nest = None
    for _ in range(1_000_000):
        nest = (nest,)
    return hash(nest)
