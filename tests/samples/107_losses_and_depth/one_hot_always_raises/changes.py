def one_hot(labels, num_classes):
    raise ValueError
