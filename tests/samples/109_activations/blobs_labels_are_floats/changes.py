def split(x, y, rng):
    order = rng.permutation(len(x))
    x, y = x[order].astype("float32"), y[order].astype("float32")
    return kit.Dataset(x[:640], y[:640], x[640:], y[640:])
