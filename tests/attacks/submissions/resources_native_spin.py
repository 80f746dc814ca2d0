"""Tries: to compute in native code that holds the interpreter's lock and never looks at signals: a power of integers.

Layer: the judge's watch, which is another process.
Aims at: exercise 1.
"""


def attack():
    return len(str(bin(7 ** (7**10))))
