def compare_depth_recipes(data, seed, epochs):
    accuracy = {}
    for name, recipe in {"sigmoid": ("sigmoid", "glorot_uniform"), "relu": ("relu", "glorot_uniform"), "relu_he": ("relu", "he_normal")}.items():
        keras.utils.set_random_seed(seed)
        model = build_deep_mlp(*recipe)
        accuracy[name] = float(np.mean(np.argmax(model(data.x_val), axis=1) == data.y_val))
    return accuracy
