"""Tries: to flood the judge with output, without an end of line, on both streams.

Layer: none needed: the judge keeps the last 16 KiB. The watch ends it.
Aims at: exercise 1.
"""


def attack():
    block = b"x" * 65536
    while True:
        os.write(1, block)
        os.write(2, block)
