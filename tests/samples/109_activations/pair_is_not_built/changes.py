def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
    model = keras.Sequential()
    for n in units[:-1]:
        f, start = get_activation(activation), get_initializer(scheme)
        model.add(keras.layers.Dense(n, activation=f, kernel_initializer=start))
    model.add(keras.layers.Dense(units[-1], activation="softmax"))
    return model
