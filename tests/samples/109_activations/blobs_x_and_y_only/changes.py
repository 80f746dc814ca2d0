def make_blobs(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)
    x = np.array([[-2, -2], [2, 2]])[y] + rng.standard_normal((800, 2))
    order = rng.permutation(800)
    return x[order].astype("float32"), y[order]
