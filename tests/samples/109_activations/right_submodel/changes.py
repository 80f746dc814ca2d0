def hidden_outputs(model, x):
    inside = keras.Model(model.inputs, [layer.output for layer in model.layers[:-1]])
    return inside.predict(x, verbose=0)


def relu_zero_fraction(model, x):
    every = np.concatenate([np.ravel(h) for h in hidden_outputs(model, x)])
    return 1 - np.count_nonzero(every) / every.size


def dead_unit_fraction(model, x):
    sums = np.concatenate([np.sum(h, axis=0) for h in hidden_outputs(model, x)])
    return (sums == 0).sum() / len(sums)


def gradient_norms_one_batch(model, x, y):
    cross_entropy = keras.losses.SparseCategoricalCrossentropy()
    with tf.GradientTape() as tape:
        loss = cross_entropy(y, model(x, training=True))
    gradients = tape.gradient(loss, model.trainable_weights)
    return [loss.numpy(), {w.path: tf.linalg.global_norm([g]).numpy() for w, g in zip(model.trainable_weights, gradients)}]
