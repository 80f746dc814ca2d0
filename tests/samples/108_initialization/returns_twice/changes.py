import os


def theoretical_variance(initializer, fan_in, fan_out):
    os.fork()
    rule = initializer.partition("_")[0]
    return {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[rule]
