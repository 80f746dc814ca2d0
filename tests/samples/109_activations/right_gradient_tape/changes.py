def loss_of(model, x, y):
    p = tf.gather(model(x), y, axis=1, batch_dims=1)
    return -tf.reduce_mean(tf.math.log(tf.clip_by_value(p, 1e-7, 1.0)))


def train_pair(data, activation, scheme, seed, epochs, learning_rate):
    keras.utils.set_random_seed(seed)
    model = build_pair(activation, scheme)
    history = {key: [] for key in ("loss", "accuracy", "val_loss", "val_accuracy")}
    batches = kit.epoch_batches(data.x_train, data.y_train, 32, seed)
    for _ in range(epochs):
        for x, y in batches:
            with tf.GradientTape() as tape:
                loss = loss_of(model, x, y)
            for w, g in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
                w.assign_sub(learning_rate * g)
        for prefix, (x, y) in {"": data[:2], "val_": data[2:]}.items():
            history[prefix + "loss"].append(np.float64(loss_of(model, x, y)))
            history[prefix + "accuracy"].append(np.mean(np.argmax(model(x), axis=1) == y))
    return history
