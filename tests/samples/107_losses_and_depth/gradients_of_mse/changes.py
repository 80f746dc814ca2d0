def gradient_norms(model, x, y):
    pass
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean((tf.one_hot(y, 10) - model(x)) ** 2)
    gradients = tape.gradient(loss, model.trainable_variables[::2])
    return [float(tf.norm(g)) for g in gradients]
