def get_activation(name):
    found = keras.activations.get(name)
