def cross_entropy(logits, labels):
    return float(keras.losses.SparseCategoricalCrossentropy()(labels, logits))
