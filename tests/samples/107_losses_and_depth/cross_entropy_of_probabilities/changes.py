def cross_entropy(logits, labels):
    return float(tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, softmax(logits))))
