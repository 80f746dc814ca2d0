BATCH = 256


def evaluate(model, x, y):
    probabilities = model(x, training=False).numpy()
    right = probabilities[np.arange(len(y)), y]
    return float(-np.log(np.clip(right, 1e-7, 1)).mean()), float((probabilities.argmax(1) == y).mean())


def descend(model, x, y, rate):
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x, training=True)))
    for variable, gradient in zip(model.trainable_variables, tape.gradient(loss, model.trainable_variables)):
        variable.assign_sub(rate * gradient)
    return float(loss)


def fit_by_hand(model, data, rate, batch_size, seed, epochs):
    history = {"loss": [], "accuracy": [], "val_loss": [], "val_accuracy": []}
    batches = kit.epoch_batches(data.x_train, data.y_train, batch_size, seed)
    for _ in range(epochs):
        losses = [descend(model, x, y, rate) for x, y in batches]
        history["loss"].append(sum(losses) / len(losses))
        history["accuracy"].append(evaluate(model, data.x_train, data.y_train)[1])
        for key, value in zip(("val_loss", "val_accuracy"), evaluate(model, data.x_val, data.y_val)):
            history[key].append(value)
    return history

# %%
def train_homework(data, kernel_initializer, seed, epochs=20):
    keras.utils.set_random_seed(seed)
    model = build_mlp([300, 200, 100, 50, 10], "relu", kernel_initializer)
    first = [w.numpy().copy() for w in model.weights]
    history = fit_by_hand(model, data, 1e-3, BATCH, seed, epochs)
    return {"history": history, "initial_weights": first, "final_weights": [w.numpy() for w in model.weights]}


def train_reproducibly(data, seed, epochs):
    keras.utils.set_random_seed(seed)
    model = build_mlp([16, 10], "tanh", "glorot_normal")
    fit_by_hand(model, data, 0.05, 64, seed, epochs)
    return model.weights
