def split(x, y, rng):
    order = rng.permutation(len(x))
    x, y = x[order].astype("float32"), np.eye(2, dtype="int32")[y[order]]
    return kit.Dataset(x[:640], y[:640], x[640:], y[640:])
