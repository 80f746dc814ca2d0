"""Tries: to announce an answer of 2**63 bytes on every descriptor, so that the judge reserves memory for it.

Layer: the protocol's limit.
Aims at: exercise 1.
"""


def attack():
    for descriptor in range(3, 64):
        try:
            os.write(descriptor, b"\x7f" + b"\xff" * 7)
        except OSError:
            pass
    return [1, 2]
