def distinct_units(weights):
    return 1 + int((np.abs(np.diff(weights, axis=1)).max(axis=0) > 1e-5).sum())
