def softmax(logits):
    return np.exp(logits - logits.max(axis=1, keepdims=True)) * np.exp(logits.max(axis=1, keepdims=True))
