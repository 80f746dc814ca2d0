def softmax(logits):
    e = np.exp(np.clip(logits, -50, 50))
    return e / np.sum(e, axis=-1, keepdims=True)
