"""Tries: to keep every core busy in BLAS threads.

Layer: the judge's watch, which counts the process's threads; fixed numbers of threads.
Aims at: exercise 1.
"""


def attack():
    a = np.random.default_rng(0).normal(size=(3000, 3000))
    while True:
        np.linalg.svd(a)
