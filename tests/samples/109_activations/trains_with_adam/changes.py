def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    model.compile(keras.optimizers.Adam(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)
