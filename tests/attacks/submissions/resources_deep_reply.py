"""Tries: an answer nested so deeply that reading it overflows a stack.

Layer: facts and the protocol limit the depth.
Aims at: exercise 1.
"""


def attack():
    nest = []
    for _ in range(100_000):
        nest = [nest]
    return nest
