from keras import layers, models


def network(inputs, width, depth, output, activation="relu", initializer="he_normal"):
    model = models.Sequential([layers.Input((inputs,))])
    for _ in range(depth):
        model.add(layers.Dense(width, activation, kernel_initializer=initializer))
    model.add(output)
    return model


def build_shallow(input_dim, width=128):
    return network(input_dim, width, 1, layers.Dense(1, "sigmoid"))


def build_deep(input_dim, width=32, depth=4):
    return network(input_dim, width, depth, layers.Dense(1, "sigmoid"))


def build_deep_mlp(activation, kernel_initializer, width=64, depth=4):
    return network(784, width, depth, layers.Dense(10, "softmax"), activation, kernel_initializer)


# %% The lesson goes on, with lists of these names.
models = [build_deep_mlp("relu", "he_normal") for _ in range(3)]
layers = (1, 2, 5, 10, 15)
