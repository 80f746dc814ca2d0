def cross_entropy(logits, labels):
    p = softmax(logits.astype("float64"))
    y = one_hot(labels, p.shape[1])
    return float(np.mean(-(y * np.log(p) + (1 - y) * np.log(1 - p))))
