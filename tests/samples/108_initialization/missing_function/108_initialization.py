import math


def compute_fans(shape):
    window = math.prod(shape[:-2])
    return window * shape[-2], window * shape[-1]


def theoretical_varianze(initializer, fan_in, fan_out):
    return 2 / fan_in
