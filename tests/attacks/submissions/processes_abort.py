"""Tries: to end in the ways that leave traces: a core dump, an abort in native code, a crash.

Layer: limits (no core), the own process.
Aims at: exercise 1.
"""


def attack():
    import faulthandler

    faulthandler.disable()
    os.abort()
