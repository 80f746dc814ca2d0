def halve(shape):
    return 1 / 0


def compute_fans(kernel_shape):
    return halve(kernel_shape)


def theoretical_variance(initializer, fan_in, fan_out):
    return {}[initializer]


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no")

    __repr__ = __str__


def uniform_limit(initializer, fan_in, fan_out):
    raise Unprintable


def inspect_default_kernel(units, input_dim, seed):
    raise RuntimeError("\x1b[2J\x1b]0;titulo\x07\u202e{0} {reason} %s \ud800 " + "x" * 10**6)
