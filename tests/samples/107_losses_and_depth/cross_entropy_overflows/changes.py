def cross_entropy(logits, labels):
    p = softmax(logits)
    return -np.mean(np.log(p[range(len(labels)), labels]))
