def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
    model = keras.Sequential([keras.Input((input_dim,))])
    for n in units[:-1]:
        model.add(keras.layers.Dense(n, get_activation(activation), kernel_initializer=get_initializer(scheme)))
    model.add(keras.layers.Dense(units[-1]))
    return model
