def gradient_norms(model, x, y):
    pass
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x)))
    gradients = tape.gradient(loss, model.trainable_variables[::2])
    return [float(tf.norm(g)) for g in gradients]
