def backward_factor(activation, scheme, depth, width, seed):
    return 0.25**depth
