def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    model.compile(keras.optimizers.SGD(learning_rate), "mse", metrics=["accuracy"])
    y_train, y_val = np.eye(2)[data.y_train], np.eye(2)[data.y_val]
    return kit.train(model, kit.Dataset(data.x_train, y_train, data.x_val, y_val), batch_size=32, epochs=epochs, seed=seed)
