def compare_starts(seed, epochs=5):
    results = {}
    for name, initializer in (("zeros", "zeros"), ("constant", keras.initializers.Constant(0.1)), ("he", keras.initializers.Constant(0.1))):
        keras.utils.set_random_seed(seed)
        model = keras.Sequential([keras.Input((2,))])
        for n, f in ((64, "relu"), (64, "relu"), (2, "softmax")):
            model.add(keras.layers.Dense(n, f, kernel_initializer=initializer))
        model.compile(keras.optimizers.SGD(0.1), "sparse_categorical_crossentropy", metrics=["accuracy"])
        kit.train(model, make_moons(seed), batch_size=32, epochs=epochs, seed=seed)
        kernel = model.get_weights()[0]
        results[name] = {"kernel": kernel, "distinct": distinct_units(kernel)}
    return results
