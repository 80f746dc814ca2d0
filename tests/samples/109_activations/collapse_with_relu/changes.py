def collapse_linear(weights):
    return functools.reduce(lambda m, w: np.maximum(m, 0) @ w, weights)
