def distinct_units(weights):
    return weights.shape[1]
