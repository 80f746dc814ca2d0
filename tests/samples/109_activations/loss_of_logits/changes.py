def gradient_norms_one_batch(model, x, y):
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(y, model(x))
        loss = tf.reduce_mean(losses)
    gradients = tape.gradient(loss, [v.value for v in model.trainable_variables])
    return float(loss), {v.path: float(tf.norm(g)) for v, g in zip(model.trainable_variables, gradients)}
