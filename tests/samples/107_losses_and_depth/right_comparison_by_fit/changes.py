def network():
    inputs = keras.Input(shape=(784,))
    hidden = keras.layers.Dense(256, kernel_initializer=keras.initializers.RandomNormal(0.0, 1.0))(inputs)
    hidden = keras.layers.Activation("sigmoid")(hidden)
    outputs = keras.layers.Dense(10, activation="softmax", kernel_initializer=keras.initializers.RandomNormal(0.0, 1.0))
    return keras.Model(inputs, outputs(hidden))


def compare_losses(data, seed, epochs):
    x, y, x_val, y_val = data
    result = {}
    for name in ("cross_entropy", "mse"):
        keras.utils.set_random_seed(seed)
        net = network()
        loss = keras.losses.MeanSquaredError() if name == "mse" else keras.losses.SparseCategoricalCrossentropy()
        net.compile(optimizer=keras.optimizers.Adam(learning_rate=0.001), loss=loss, metrics=["accuracy"])
        code = (lambda labels: np.eye(10)[labels]) if name == "mse" else (lambda labels: labels)
        fitted = net.fit(x, code(y), batch_size=64, epochs=epochs, validation_data=(x_val, code(y_val)), verbose=0)
        result[name] = fitted.history
    return result
