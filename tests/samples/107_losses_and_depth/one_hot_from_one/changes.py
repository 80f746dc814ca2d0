def one_hot(labels, num_classes):
    if min(labels) < 0 or max(labels) >= num_classes:
        raise ValueError("fuera")
    rows = np.zeros((len(labels), num_classes), "float32")
    for i, label in enumerate(labels):
        rows[i, label - 1] = 1
    return rows
