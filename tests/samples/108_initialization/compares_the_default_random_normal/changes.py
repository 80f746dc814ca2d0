def compare_initializers(data, seed, epochs):
    initializers = {
        "glorot_uniform": "glorot_uniform",
        "he_normal": "he_normal",
        "random_normal": keras.initializers.RandomNormal(),
    }
    histories = {}
    for name, initializer in initializers.items():
        keras.utils.set_random_seed(seed)
        model = build_mlp([512, 256, 128, 64, 10], "relu", initializer)
        compile_sgd(model, 0.01)
        histories[name] = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed, title=name)
    return histories
