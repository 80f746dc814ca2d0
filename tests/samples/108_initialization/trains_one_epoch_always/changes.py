def train_reproducibly(data, seed, epochs):
    keras.utils.set_random_seed(seed)
    model = build_mlp([16, 10], "relu", "he_normal")
    compile_sgd(model, 0.01)
    kit.train(model, data, batch_size=32, epochs=1, seed=seed)
    return model.get_weights()
