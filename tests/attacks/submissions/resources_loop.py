"""Tries: an endless loop that catches every exception.

Layer: the judge's watch on CPU seconds.
Aims at: exercise 1.
"""


def attack():
    while True:
        try:
            while True:
                pass
        except BaseException:
            pass
