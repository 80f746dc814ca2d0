def build_deep_mlp(activation, kernel_initializer, width=64, depth=4):
    inputs = keras.Input((784,))
    h = inputs
    for _ in range(depth):
        h = keras.layers.Activation(activation)(keras.layers.Dense(width, kernel_initializer=kernel_initializer)(h))
    return keras.Model(inputs, keras.layers.Softmax()(keras.layers.Dense(10)(h)))


def gradient_norms(model, x, y):
    outputs = [x]
    for layer in model.layers:
        outputs.append(np.array(layer(outputs[-1])))
    delta = (outputs[-1] - np.eye(10)[y]) / len(y)
    norms = []
    for layer, before, after in reversed(list(zip(model.layers, outputs, outputs[1:]))):
        name = layer.activation.__name__
        if name != "softmax":
            delta = delta * {"relu": after > 0, "tanh": 1 - after**2, "sigmoid": after * (1 - after)}[name]
        norms.insert(0, np.sqrt(np.sum((before.T @ delta) ** 2)))
        delta = delta @ layer.get_weights()[0].T
    return tuple(norms)
