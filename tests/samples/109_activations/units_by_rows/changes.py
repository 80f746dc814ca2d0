def distinct_units(weights):
    return len(np.unique(weights, axis=0))
