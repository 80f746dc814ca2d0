def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
    model = keras.Sequential([keras.Input((input_dim,))])
    for n in (64, 64):
        model.add(keras.layers.Dense(n, get_activation(activation), kernel_initializer=get_initializer(scheme)))
    model.add(keras.layers.Dense(2, "softmax"))
    return model
