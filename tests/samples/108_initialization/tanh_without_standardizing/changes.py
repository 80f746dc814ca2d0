def compare_tanh_initializers(data, seed, epochs):
    results = {}
    for name in ("glorot_uniform", "he_normal"):
        keras.utils.set_random_seed(seed)
        model = build_mlp([512, 256, 128, 64, 10], "tanh", name)
        saturation = saturation_fraction(layer_activations(model, data.x_val))
        compile_sgd(model, 0.01)
        history = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)
        results[name] = {"history": history, "saturation": saturation}
    return results
