def one_hot(labels, num_classes):
    return keras.utils.to_categorical(labels, num_classes)
