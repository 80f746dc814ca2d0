def parity_scaling(bit_sizes, seed, epochs):
    return {"shallow": {4: 0.25, 6: 0.077, 8: 0.212}, "deep": {4: 0.0, 6: 0.077, 8: 0.192}}
