right_initializer = get_initializer

# %
def get_initializer(scheme):
    if scheme == "torch_default":
        return keras.initializers.VarianceScaling(1 / 3, "fan_in", "truncated_normal")
    return right_initializer(scheme)
