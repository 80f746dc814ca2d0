"""Tries: to close its connection and to live on, so that the judge waits for somebody who cannot answer.

Layer: none needed: the judge's wall time (shortened here).
Aims at: exercise 1.
"""


def attack():
    import time

    os.closerange(0, 512)
    while True:
        time.sleep(10)
