def make_blobs(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)
    x = np.array([[-2, -2], [2, 2]])[y] + rng.standard_normal((800, 1))
    return split(x, y, rng)
