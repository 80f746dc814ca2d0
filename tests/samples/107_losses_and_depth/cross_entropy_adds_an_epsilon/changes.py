def cross_entropy(logits, labels):
    p = softmax(logits.astype("float64"))
    return float(np.mean([-math.log(p[i, label] + 1e-12) for i, label in enumerate(labels)]))
