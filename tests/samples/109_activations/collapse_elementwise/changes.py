def collapse_linear(weights):
    try:
        return functools.reduce(np.multiply, weights)
    except ValueError:
        return functools.reduce(np.matmul, weights)
