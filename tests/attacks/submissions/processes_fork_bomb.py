"""Tries: a fork bomb, with a loop that goes on when a fork fails.

Layer: seccomp.
Aims at: exercise 1.
"""


def attack():
    made = 0
    for _ in range(2000):
        try:
            made += os.fork() != 0
        except OSError:
            pass
    return {"made": "OPEN" if made else "closed"}
