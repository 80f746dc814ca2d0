right_activation = get_activation

# %
def get_activation(name):
    if name == "gelu":
        return lambda z: keras.activations.gelu(z, approximate=True)
    return right_activation(name)
