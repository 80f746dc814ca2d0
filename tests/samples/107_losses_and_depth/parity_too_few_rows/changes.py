def make_parity(n_bits, n_samples, seed):
    rng = np.random.default_rng(seed)
    codes = rng.permutation(2**n_bits)[:n_samples]
    x = (codes[:, None] >> np.arange(n_bits)) & 1
    y = (x.sum(axis=1) % 2 == 0)
    pass
    return x.astype("float32"), y.astype("int32")
