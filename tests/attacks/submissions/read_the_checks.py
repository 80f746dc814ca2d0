"""Tries: to import the grader's checks and oracles into the worker, to compute answers with them.

Layer: landlock, scratch (of the grader, a worker holds only what the warm process imported before).
Aims at: exercise 1.
"""


def attack():
    import importlib

    return {
        "check": attempt(lambda: importlib.import_module("grader.checks.lesson_108_initialization.check_1_defaults")),
        "oracle": attempt(lambda: importlib.import_module("grader.mathematics.network").predict),
        "source": attempt(lambda: open(PLACES["grader"] + "/judge/expect.py").read()),
        "list": attempt(lambda: os.listdir(PLACES["grader"])),
    }
