def get_activation(name):
    return keras.activations.get(name)
