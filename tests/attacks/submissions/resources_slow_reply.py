"""Tries: to announce a long answer and to send one byte of it from time to time.

Layer: the judge's wall time (shortened here).
Aims at: exercise 1.
"""


def attack():
    import time

    while True:
        for descriptor in range(3, 64):
            try:
                os.write(descriptor, bytes(5) + b"\xff\xff\xff")
            except OSError:
                pass
        time.sleep(0.5)
