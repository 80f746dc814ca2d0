def make_blobs(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)
    x = np.array([[2, 2], [-2, -2]])[y] + 1 * rng.standard_normal((len(y), 2))
    return split(x, y, rng)
