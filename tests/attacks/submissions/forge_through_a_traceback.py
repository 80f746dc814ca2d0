"""Tries: an error whose text, traceback and notes are computed by the student, without end or by leaving the process.

Layer: none needed: the judge cuts what it shows; a crash there costs the same function.
Aims at: exercise 1.
"""
import os


class Endless(Exception):
    def __str__(self):
        return "x" * 10_000_000

    @property
    def __traceback__(self):
        os._exit(0)


def compute_fans(kernel_shape):
    raise Endless
