def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    model.compile(keras.optimizers.SGD(learning_rate), "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model.fit(data.x_train, data.y_train, batch_size=32, epochs=epochs, verbose=0, validation_data=(data.x_val, data.y_val))
