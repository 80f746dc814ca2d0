def inspect_default_kernel(units, input_dim, seed):
    layer = keras.layers.Dense(units)
    layer.build((None, input_dim))
    kernel = layer.get_weights()[0]
    return {"kernel": kernel, "empirical_variance": kernel.var(), "theoretical_variance": 2 / (input_dim + units)}


def seed_everything(seed):
    print("sembrado con", seed)
