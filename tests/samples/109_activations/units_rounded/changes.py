def distinct_units(weights):
    return np.unique(np.round(weights, 5), axis=1).shape[1]
