def parity_scaling(bit_sizes, seed, epochs):
    accuracy = {"shallow": {}, "deep": {}}
    for n in bit_sizes:
        x, y = make_parity(n, min(2**n, 2048), seed)
        cut = 4 * len(x) // 5
        data = kit.Dataset(x, y, x[cut:], y[cut:])
        for name, build in (("shallow", build_shallow), ("deep", build_deep)):
            keras.utils.set_random_seed(seed)
            model = build(n)
            model.compile(keras.optimizers.Adam(3e-3), "binary_crossentropy", metrics=["accuracy"])
            history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)
            accuracy[name][n] = history["val_accuracy"][-1]
    return accuracy
