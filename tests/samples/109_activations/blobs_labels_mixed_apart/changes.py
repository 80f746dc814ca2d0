def split(x, y, rng):
    x, y = rng.permutation(x).astype("float32"), rng.permutation(y).astype("int32")
    return kit.Dataset(x[:640], y[:640], x[640:], y[640:])
