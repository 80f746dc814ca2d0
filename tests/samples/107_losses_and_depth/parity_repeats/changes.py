def make_parity(n_bits, n_samples, seed):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 2, size=(n_samples, n_bits)).astype(np.float32)
    return x, (x.sum(axis=1) % 2 == 0).astype(np.int32)
