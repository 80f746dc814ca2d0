def collapse_linear(weights):
    return functools.reduce(np.matmul, [w.T for w in weights[::-1]])
