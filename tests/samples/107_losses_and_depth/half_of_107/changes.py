def make_parity(n_bits, n_samples, seed):
    """Sortea cadenas de bits."""
    # Escribe aquí tu código.
    raise NotImplementedError("make_parity: falta escribir esta función")


def build_shallow(input_dim, width=128):
    ...


def parity_scaling(bit_sizes, seed, epochs):
    """Entrena."""
    raise NotImplementedError("falta")
