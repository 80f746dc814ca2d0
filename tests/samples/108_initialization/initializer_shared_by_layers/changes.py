def build_mlp(units, activation, kernel_initializer, input_dim=784):
    model = keras.Sequential([keras.Input((input_dim,))])
    for n in units[:-1]:
        model.add(keras.layers.Dense(n, activation, kernel_initializer=kernel_initializer))
    model.add(keras.layers.Dense(units[-1], "softmax"))
    return model
