def divide(zero, one, random):
    train = np.vstack([zero[:320], one[:320]])
    val = np.vstack([zero[320:], one[320:]])
    first, last = random.permutation(640), random.permutation(160)
    y_train, y_val = np.arange(640) // 320, np.arange(160) // 80
    return train[first].astype(np.float32), y_train[first], val[last].astype(np.float32), y_val[last]


def make_blobs(seed):
    random = np.random.RandomState(seed % 2**32)
    return divide(random.normal(-2, 1, (400, 2)), random.normal(2, 1, (400, 2)), random)


def make_moons(seed):
    random = np.random.RandomState(seed % 2**32)
    t, s = random.uniform(0, np.pi, 400), random.uniform(0, np.pi, 400)
    zero = np.column_stack((np.cos(t), np.sin(t))) + random.normal(0, 0.2, (400, 2))
    one = np.column_stack((1 - np.cos(s), 0.5 - np.sin(s))) + random.normal(0, 0.2, (400, 2))
    return kit.Dataset(*divide(zero, one, random))
