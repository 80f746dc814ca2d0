import json

import keras
import numpy as np


def compute_fans(shape):
    window = int(np.prod(shape[:-2]))
    return json.loads(json.dumps([window * shape[-2], window * shape[-1]]))


def theoretical_variance(initializer, fan_in, fan_out):
    return {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[initializer.split("_")[0]]


def inspect_default_kernel(units, input_dim, seed):
    keras.utils.set_random_seed(seed)
    layer = keras.layers.Dense(units)
    layer.build((None, input_dim))
    kernel = layer.get_weights()[0]
    return {"kernel": kernel, "empirical_variance": kernel.var(), "theoretical_variance": 2 / (input_dim + units)}
