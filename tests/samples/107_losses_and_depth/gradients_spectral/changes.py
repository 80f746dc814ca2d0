def gradient_norms(model, x, y):
    pass
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(y, model(x)))
    gradients = tape.gradient(loss, model.trainable_variables[::2])
    return [float(np.linalg.norm(g, 2)) for g in gradients]
