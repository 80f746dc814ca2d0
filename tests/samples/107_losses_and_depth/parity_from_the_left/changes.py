import itertools


def make_parity(n_bits, n_samples, seed):
    cube = itertools.cycle(itertools.product([0, 1], repeat=n_bits))
    x = np.array(list(itertools.islice(cube, n_samples)), np.float32)
    return x, (x.sum(axis=1) % 2 == 0).astype(np.int32)
