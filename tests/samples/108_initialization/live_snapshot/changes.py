def snapshot_weights(model):
    return list(model.weights)
