def get_activation(name):
    if name not in ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish", "mish"):
        raise ValueError(name)
    return name
