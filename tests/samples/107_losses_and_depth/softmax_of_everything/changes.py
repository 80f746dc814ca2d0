def softmax(logits):
    e = np.exp(logits - logits.max())
    return e / e.sum()
