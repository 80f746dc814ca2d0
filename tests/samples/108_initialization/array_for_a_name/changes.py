def compute_fans(kernel_shape):
    return np.array([math.prod(kernel_shape[:-1]), math.prod(kernel_shape[:-2]) * kernel_shape[-1]])


def theoretical_variance(initializer, fan_in, fan_out):
    return np.array([2 / (fan_in + fan_out)])


def best_initializer(results):
    return np.array([results[name]["history"]["val_accuracy"][-1] for name in ("he_uniform", "he_normal")])
