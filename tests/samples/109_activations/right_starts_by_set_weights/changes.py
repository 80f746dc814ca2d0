def compare_starts(seed, epochs=5):
    data, answer = make_moons(seed), {}
    for name in ("he", "constant", "zeros"):
        keras.utils.set_random_seed(seed)
        layers = [keras.layers.Dense(n, a, kernel_initializer="he_uniform") for n, a in ((64, "relu"), (64, "relu"), (2, None))]
        model = keras.Sequential([keras.Input((2,)), *layers, keras.layers.Softmax()])
        if name != "he":
            value = 0.1 * (name == "constant")
            model.set_weights([np.full_like(w, value) if w.ndim == 2 else w for w in model.get_weights()])
        model.compile(optimizer=keras.optimizers.SGD(learning_rate=0.1), loss=keras.losses.SparseCategoricalCrossentropy())
        batches = kit.epoch_batches(data.x_train, data.y_train, 32, seed)
        model.fit(batches, shuffle=False, epochs=epochs, verbose=0)
        kernel = model.layers[0].kernel.numpy()
        answer[name] = dict(kernel=kernel.tolist(), distinct=distinct_units(kernel))
        answer[name]["kernel"] = np.float64(kernel)
    return answer
