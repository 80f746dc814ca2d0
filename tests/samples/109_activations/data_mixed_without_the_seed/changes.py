def split(x, y, rng):
    order = np.random.permutation(len(x))
    x, y = x[order].astype("float32"), y[order].astype("int32")
    return kit.Dataset(x[:640], y[:640], x[640:], y[640:])
