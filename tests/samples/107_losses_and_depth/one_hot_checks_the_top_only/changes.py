def one_hot(labels, num_classes):
    if labels.max() >= num_classes:
        raise ValueError("etiqueta demasiado grande")
    return np.eye(num_classes)[labels]
