def uniform_limit(initializer, fan_in, fan_out):
    return theoretical_variance(initializer, fan_in, fan_out)


def theoretical_variance(initializer, fan_in, fan_out):
    while True:
        try:
            fan_in += 1
        except BaseException:
            continue
