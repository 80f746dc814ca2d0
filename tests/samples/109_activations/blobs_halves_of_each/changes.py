def split(x, y, rng):
    x, y = x.astype("float32"), y.astype("int32")
    first = np.r_[0:320, 400:720]
    last = np.r_[320:400, 720:800]
    return kit.Dataset(x[first], y[first], x[last], y[last])
