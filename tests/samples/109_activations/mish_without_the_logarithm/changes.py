right_activation = get_activation

# %
def get_activation(name):
    if name == "mish":
        return lambda z: z * tf.tanh(tf.exp(z))
    return right_activation(name)
