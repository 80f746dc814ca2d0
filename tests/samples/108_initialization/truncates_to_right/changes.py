def compute_fans(kernel_shape):
    return math.prod(kernel_shape[:-1]) + 0.5, math.prod(kernel_shape[:-2]) * kernel_shape[-1] + 0.9
