from keras import ops


def get_activation(name):
    known = dict(
        relu=ops.relu, tanh=ops.tanh, sigmoid=ops.sigmoid, elu=ops.elu, selu=ops.selu, swish=ops.swish,
        leaky_relu=keras.layers.LeakyReLU(negative_slope=0.01),
        gelu=lambda z: ops.gelu(z, approximate=False),
        mish=lambda z: z * ops.tanh(ops.softplus(z)),
    )
    if name in known:
        return known[name]
    raise ValueError("La activación %s no está en la lista." % name)


def get_initializer(scheme):
    scale, mode, kind = {
        "xavier": (1, "fan_avg", "uniform"),
        "he": (2, "fan_in", "uniform"),
        "lecun": (1, "fan_in", "truncated_normal"),
        "torch_default": (1 / 3, "fan_in", "uniform"),
    }.get(scheme, (0, "", ""))
    if not scale:
        raise ValueError(f"regla {scheme!r}")
    return keras.initializers.VarianceScaling(scale=scale, mode=mode, distribution=kind)
