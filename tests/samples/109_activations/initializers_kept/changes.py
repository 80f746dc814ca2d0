INITIALIZERS = {
    "xavier": keras.initializers.GlorotUniform(),
    "he": keras.initializers.HeUniform(),
    "lecun": keras.initializers.LecunNormal(),
    "torch_default": keras.initializers.VarianceScaling(1 / 3, "fan_in", "uniform"),
}


def get_initializer(scheme):
    if scheme not in INITIALIZERS:
        raise ValueError(scheme)
    return INITIALIZERS[scheme]
