"""Tries: the same through the name of a returned object's type, and through a key.

Layer: none needed.
Aims at: exercise 1.
"""


def compute_fans(kernel_shape):
    return type("\x1b[32m<b>passed</b>{0.__class__}" + "x" * 10_000, (), {})()


def theoretical_variance(initializer, fan_in, fan_out):
    return "\x1b[32m{passed}\u202e</pre><script>"
