"""Tries: catastrophic backtracking in the regular-expression engine.

Layer: the judge's watch.
Aims at: exercise 1.
"""
import re


def attack():
    return re.match(r"(a|a)*$", "a" * 60 + "b")
