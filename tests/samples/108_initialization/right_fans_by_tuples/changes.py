def compute_fans(kernel_shape):
    assert isinstance(kernel_shape, tuple)
    window = kernel_shape[:-2] + (1,)
    return tuple(math.prod(window + (channels,)) for channels in kernel_shape[-2:])
