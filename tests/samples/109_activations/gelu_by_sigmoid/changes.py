right_activation = get_activation

# %
def get_activation(name):
    if name == "gelu":
        return lambda z: z * tf.sigmoid(1.702 * z)
    return right_activation(name)
