def collapse_linear(weights):
    try:
        return functools.reduce(np.matmul, weights[::-1])
    except ValueError:
        return functools.reduce(np.matmul, weights)
