"""Tries: to find the judge, its checks or its results among all objects of its process, and to change them.

Layer: none needed: they are in another process.
Aims at: exercise 1.
"""
import gc


def attack():
    wanted = ("CheckResult", "Results", "RemoteStudent", "Check", "Mismatch", "Warm", "Watch", "Journal")
    found = {}
    for thing in gc.get_objects():
        name = type(thing).__name__
        if name in wanted and type(thing).__module__.startswith("grader"):
            found[name] = "OPEN"
    modules = [name for name in __import__("sys").modules if name.startswith("grader.judge.check")]
    return found or {"objects": "closed", "modules": "OPEN" if modules else "closed"}
