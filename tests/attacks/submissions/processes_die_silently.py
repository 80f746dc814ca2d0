"""Tries: to end its process with status 0 after the half of an answer.

Layer: none needed: an answer that does not arrive whole is none.
Aims at: exercise 1.
"""


def attack():
    for descriptor in range(3, 32):
        try:
            os.write(descriptor, bytes(7) + b"\x40half")
        except OSError:
            pass
    os._exit(0)
