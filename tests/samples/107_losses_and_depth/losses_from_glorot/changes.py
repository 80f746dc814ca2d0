def compare_losses(data, seed, epochs):
    results = {}
    for name, loss in {"mse": "mse", "cross_entropy": "categorical_crossentropy"}.items():
        keras.utils.set_random_seed(seed)
        model = keras.Sequential(
            [keras.Input((784,)), keras.layers.Dense(256, "sigmoid"), keras.layers.Dense(10, "softmax")]
        )
        model.compile(keras.optimizers.Adam(1e-3), loss, metrics=["accuracy"])
        coded = data._replace(y_train=one_hot(data.y_train, 10), y_val=one_hot(data.y_val, 10))
        results[name] = kit.train(model, coded, batch_size=64, epochs=epochs, seed=seed)
    return results
