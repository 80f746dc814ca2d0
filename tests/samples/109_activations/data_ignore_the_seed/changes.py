def make_blobs(seed):
    rng = np.random.default_rng(42)
    y = np.repeat([0, 1], 400)
    return split(np.array([[-2, -2], [2, 2]])[y] + rng.standard_normal((800, 2)), y, rng)
