def gradient_norms_one_batch(model, x, y):
    variables = model.trainable_variables
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    gradients = tape.gradient(loss, [v.value for v in variables])
    return float(loss), {v.path: float(tf.norm(g)) for v, g in zip(variables, gradients[::-1])}
