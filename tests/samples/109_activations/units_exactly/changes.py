def distinct_units(weights):
    return np.unique(weights, axis=1).shape[1]
