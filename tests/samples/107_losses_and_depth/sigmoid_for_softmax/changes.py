def softmax(logits):
    return np.asarray(keras.ops.sigmoid(logits))
