def parity_scaling(bit_sizes, seed, epochs):
    return {name: {n: 0.0 for n in bit_sizes} for name in ("shallow", "deep")}
