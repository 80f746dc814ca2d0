right_initializer = get_initializer

# %
def get_initializer(scheme):
    if scheme == "torch_default":
        return keras.initializers.VarianceScaling(1 / 3, "fan_out", "uniform")
    return right_initializer(scheme)
