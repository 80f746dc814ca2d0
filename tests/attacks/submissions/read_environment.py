"""Tries: to find secrets in the environment: its own, its start block, and that of other processes.

Layer: none needed: the warm process starts with a few chosen variables; namespaces for other processes.
Aims at: exercise 1.
"""


def attack():
    found = {**os.environ, "block": open("/proc/self/environ", "rb").read().decode("utf-8", "replace")}
    return {
        "own": "OPEN" if PLACES["variable"] in repr(found) else "closed",
        "judge": attempt(lambda: open(f"/proc/{PLACES['judge']}/environ", "rb").read()),
        "warm": attempt(lambda: open(f"/proc/{PLACES['warm']}/environ", "rb").read()),
    }
