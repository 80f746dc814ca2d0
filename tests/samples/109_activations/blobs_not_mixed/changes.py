def split(x, y, rng):
    x, y = x.astype("float32"), y.astype("int32")
    return kit.Dataset(x[:640], y[:640], x[640:], y[640:])
