def distinct_units(weights):
    return len(np.unique(np.round(weights, 4)))
