"""Tries: to wait for ever without using anything, deaf to signals.

Layer: the judge's wall time (shortened here).
Aims at: exercise 1.
"""


def attack():
    import signal
    import time

    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    while True:
        time.sleep(1000)
