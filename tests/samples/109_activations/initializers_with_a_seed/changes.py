def get_initializer(scheme):
    kinds = {"xavier": (1.0, "fan_avg", "uniform"), "he": (2.0, "fan_in", "uniform")}
    kinds |= {"lecun": (1.0, "fan_in", "truncated_normal"), "torch_default": (1 / 3, "fan_in", "uniform")}
    return keras.initializers.VarianceScaling(*kinds[scheme], seed=42)
