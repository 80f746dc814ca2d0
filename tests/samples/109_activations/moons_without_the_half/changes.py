def make_moons(seed):
    rng = np.random.default_rng(seed)
    y = np.repeat([0, 1], 400)
    t = rng.uniform(0, np.pi, 800)
    upper = np.stack([np.cos(t), np.sin(t)], axis=1)
    lower = np.stack([1 - np.cos(t), -np.sin(t)], axis=1)
    x = np.where(y[:, None] == 0, upper, lower) + 0.2 * rng.standard_normal((800, 2))
    return split(x, y, rng)
