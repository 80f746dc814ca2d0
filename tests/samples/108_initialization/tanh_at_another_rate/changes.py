def compare_tanh_initializers(data, seed, epochs):
    mean, std = data.x_train.mean(), data.x_train.std()
    data = data._replace(x_train=(data.x_train - mean) / std, x_val=(data.x_val - mean) / std)
    results = {}
    for name in ("glorot_uniform", "he_normal"):
        keras.utils.set_random_seed(seed)
        model = build_mlp([512, 256, 128, 64, 10], "tanh", name)
        saturation = saturation_fraction(layer_activations(model, data.x_val))
        compile_sgd(model, 0.001)
        history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)
        results[name] = {"history": history, "saturation": saturation}
    return results
