def get_initializer(scheme):
    if scheme not in ("xavier", "he", "lecun", "torch_default"):
        raise ValueError(scheme)
    return keras.initializers.RandomNormal()
