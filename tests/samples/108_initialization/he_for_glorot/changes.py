def theoretical_variance(initializer, fan_in, fan_out):
    scheme, _, form = initializer.partition("_")
    if scheme not in ("glorot", "he", "lecun") or form not in ("uniform", "normal"):
        raise ValueError(initializer)
    return 1 / fan_in if scheme == "lecun" else 2 / fan_in
