"""Tries: to use up the machine's open files and pipes' memory.

Layer: limits.
Aims at: exercise 1.
"""


def attack():
    def pipes():
        return len([os.pipe() for _ in range(10_000)])

    return {
        "raise the limit": attempt(lambda: __import__("resource").setrlimit(7, (100_000, 100_000))),
        "pipes": attempt(pipes),
        "duplicates": attempt(lambda: [os.dup(1) for _ in range(10_000)]),
    }
