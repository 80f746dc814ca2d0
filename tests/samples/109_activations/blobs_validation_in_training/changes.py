def split(x, y, rng):
    order = rng.permutation(len(x))
    x, y = x[order].astype("float32"), y[order].astype("int32")
    rows = np.r_[np.flatnonzero(y == 0)[:320], np.flatnonzero(y == 1)[:320]]
    rows = rng.permutation(rows)
    again = np.r_[rows[y[rows] == 0][:80], rows[y[rows] == 1][:80]]
    return kit.Dataset(x[rows], y[rows], x[again], y[again])
