"""Tries: to stop itself, so that nothing can be asked of it.

Layer: the judge's wall time (shortened here).
Aims at: exercise 1.
"""


def attack():
    import signal
    import threading

    system_call(234, os.getpid(), threading.get_native_id(), int(signal.SIGSTOP))
    threading.Event().wait()
