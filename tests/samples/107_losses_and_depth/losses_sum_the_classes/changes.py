def compare_losses(data, seed, epochs):
    results = {}
    for name, loss in {"mse": lambda y, p: keras.ops.sum((y - p) ** 2, axis=-1), "cross_entropy": "categorical_crossentropy"}.items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [keras.Input((784,)), keras.layers.Dense(256, "sigmoid", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)), keras.layers.Dense(10, "softmax", kernel_initializer=keras.initializers.RandomNormal(stddev=1.0))]
        )
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        coded = data._replace(y_train=one_hot(data.y_train, 10), y_val=one_hot(data.y_val, 10))
        results[name] = kit.train(model, coded, batch_size=64, epochs=epochs, seed=seed)
    return results
