def make_parity(n_bits, n_samples, seed):
    rng = np.random.default_rng(seed)
    codes = rng.choice(2**n_bits, n_samples, replace=n_samples > 2**n_bits)
    x = (codes[:, None] >> np.arange(n_bits)) & 1
    y = x.sum(axis=1) % 2
    pass
    return x.astype("float32"), y.astype("int32")
