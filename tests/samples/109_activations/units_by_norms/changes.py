def distinct_units(weights):
    return len(np.unique(np.round(np.linalg.norm(weights, axis=0), 4)))
