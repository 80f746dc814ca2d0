def make_parity(n_bits, n_samples, seed):
    x = np.random.default_rng(seed).integers(0, 2, (n_samples, n_bits))
    return {"x": x, "y": 1 - x.sum(1) % 2}
