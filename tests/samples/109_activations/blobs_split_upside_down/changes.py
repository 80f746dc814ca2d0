def split(x, y, rng):
    order = rng.permutation(len(x))
    x, y = x[order].astype("float32"), y[order].astype("int32")
    return kit.Dataset(x[:160], y[:160], x[160:], y[160:])
