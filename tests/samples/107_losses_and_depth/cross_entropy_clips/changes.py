def cross_entropy(logits, labels):
    p = np.clip(softmax(logits.astype("float64")), 1e-7, 1)
    return float(-np.mean(np.log(p[range(len(labels)), labels])))
