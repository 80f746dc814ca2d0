import sys


class Deep:
    def __repr__(self):
        return repr([self])

    def __getattr__(self, name):
        return getattr(self, name + "x")


def compute_fans(kernel_shape):
    return compute_fans(kernel_shape)


def theoretical_variance(initializer, fan_in, fan_out):
    sys.setrecursionlimit(2**30)
    return repr(Deep())


def uniform_limit(initializer, fan_in, fan_out):
    scheme, _, form = initializer.partition("_")
    if form != "uniform":
        raise ValueError
    return math.sqrt({"glorot": 6 / (fan_in + fan_out), "he": 6 / fan_in, "lecun": 3 / fan_in}[scheme])
