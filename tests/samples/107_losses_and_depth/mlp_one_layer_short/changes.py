def build_deep_mlp(activation, kernel_initializer, width=64, depth=4):
    model = keras.Sequential([keras.Input((784,))])
    for _ in range(depth - 1):
        model.add(keras.layers.Dense(width, activation, kernel_initializer=kernel_initializer))
    model.add(keras.layers.Dense(10, "softmax"))
    return model
