def make_parity(n_bits, n_samples, seed):
    rng = np.random.default_rng(seed)
    codes = np.arange(n_samples) % 2**n_bits + seed * 0
    x = (codes[:, None] >> np.arange(n_bits)) & 1
    y = (x.sum(axis=1) % 2 == 0)
    pass
    return x.astype("float32"), y.astype("int32")
