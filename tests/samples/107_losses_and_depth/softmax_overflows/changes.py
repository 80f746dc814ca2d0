def softmax(logits):
    e = np.exp(logits)
    return e / e.sum(axis=1, keepdims=True)
