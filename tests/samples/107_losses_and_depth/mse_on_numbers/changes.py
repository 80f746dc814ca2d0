def compare_losses(data, seed, epochs):
    results = {}
    for name, loss in {"mse": "mse", "cross_entropy": "sparse_categorical_crossentropy"}.items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [keras.Input((784,)), keras.layers.Dense(256, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)), keras.layers.Dense(10, "softmax", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0))]
        )
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        coded = data if name == "cross_entropy" else data._replace(y_train=np.repeat(data.y_train[:, None], 10, axis=1), y_val=np.repeat(data.y_val[:, None], 10, axis=1))
        results[name] = kit.train(model, coded, batch_size=64, epochs=epochs, seed=seed)
    return results
