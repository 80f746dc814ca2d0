def distinct_units(weights):
    return len(np.unique(np.round(weights.sum(axis=0), 4)))
