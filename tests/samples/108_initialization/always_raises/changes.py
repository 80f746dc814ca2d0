def theoretical_variance(*_):
    raise ValueError


LIMITS = [float("not a number")]


def uniform_limit(*_):
    return LIMITS
