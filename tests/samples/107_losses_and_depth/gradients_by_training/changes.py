def gradient_norms(model, x, y):
    before = [k.copy() for k in model.get_weights()[::2]]
    model.compile(keras.optimizers.SGD(1.0), "sparse_categorical_crossentropy")
    model.train_on_batch(x, y)
    return [float(np.linalg.norm(a - b)) for a, b in zip(before, model.get_weights()[::2])]
