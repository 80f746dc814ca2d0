def build_deep(input_dim, width=32, depth=4):
    model = keras.Sequential([keras.Input((input_dim,))])
    for _ in range(depth):
        model.add(keras.layers.Dense(width, "relu", kernel_initializer="he_normal", bias_initializer="random_normal"))
    model.add(keras.layers.Dense(1, "sigmoid"))
    return model


def build_shallow(input_dim, width=128):
    return build_deep(input_dim, width, 1)
