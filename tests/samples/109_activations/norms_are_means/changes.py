def gradient_norms_one_batch(model, x, y):
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        losses = keras.losses.sparse_categorical_crossentropy(y, model(x))
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, [v.value for v in variables])
    norms = {v.path: float(tf.reduce_mean(tf.abs(g))) for v, g in zip(variables, gradients)}
    return float(loss), norms
