def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    _ = seed
    model = build_pair(activation, scheme)
    model.compile(keras.optimizers.SGD(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)
