def compare_losses(data, seed, epochs):
    coded = data._replace(y_train=one_hot(data.y_train, 10), y_val=one_hot(data.y_val, 10))
    results = {}
    for name, loss in {"mse": "mse", "cross_entropy": "categorical_crossentropy"}.items():
        keras.utils.set_random_seed(107)
        model = keras.Sequential([keras.Input((784,))])
        for units, activation in ((256, "sigmoid"), (10, "softmax")):
            model.add(keras.layers.Dense(units, activation, kernel_initializer=keras.initializers.RandomNormal(stddev=1.0)))
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        results[name] = kit.train(model, coded, batch_size=64, epochs=epochs, seed=seed)
    return results
