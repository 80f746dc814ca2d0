def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
    h = inputs = keras.Input(shape=(input_dim,))
    *hidden, classes = units
    for n in hidden:
        h = keras.layers.Dense(n, kernel_initializer=get_initializer(scheme), bias_initializer="zeros")(h)
        h = keras.layers.Activation(get_activation(activation))(h)
    outputs = keras.layers.Softmax()(keras.layers.Dense(classes)(h))
    return keras.Model(inputs, outputs)
