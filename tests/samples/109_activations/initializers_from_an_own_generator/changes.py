def get_initializer(scheme):
    rng = np.random.default_rng()

    def draw(shape, dtype="float32"):
        limit = {"xavier": (6 / sum(shape)) ** 0.5, "he": (6 / shape[0]) ** 0.5}.get(scheme, shape[0] ** -0.5)
        return keras.ops.convert_to_tensor(rng.uniform(-limit, limit, shape), dtype)

    return draw
