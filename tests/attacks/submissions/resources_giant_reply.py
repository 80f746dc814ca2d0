"""Tries: an answer of more bytes than the judge has memory for.

Layer: the protocol's limit.
Aims at: exercise 1.
"""


def attack():
    return np.zeros(64 * 2**20, np.uint8)
