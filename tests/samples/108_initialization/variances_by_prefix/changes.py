def theoretical_variance(initializer, fan_in, fan_out):
    if initializer.startswith("glorot"):
        return 2 / (fan_in + fan_out)
    if initializer.startswith("he"):
        return 2 / fan_in
    if initializer.startswith("lecun"):
        return 1 / fan_in
    raise ValueError(initializer)


def uniform_limit(initializer, fan_in, fan_out):
    if initializer.endswith("_normal"):
        raise ValueError(initializer)
    return math.sqrt(3 * (2 / (fan_in + fan_out) if "glorot" in initializer else 2 / fan_in))
