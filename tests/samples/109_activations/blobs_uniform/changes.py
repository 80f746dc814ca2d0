def make_blobs(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)
    x = np.array([[-2, -2], [2, 2]])[y] + rng.uniform(-(3**0.5), 3**0.5, (800, 2))
    return split(x, y, rng)
