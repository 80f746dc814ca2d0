right_activation = get_activation

# %
def get_activation(name):
    if name == "leaky_relu":
        return keras.activations.leaky_relu
    return right_activation(name)
