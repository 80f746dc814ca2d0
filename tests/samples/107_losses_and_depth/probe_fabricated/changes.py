def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    factor = 0.707 if "glorot" in kernel_initializer else 1.0
    return {
        "activation_std": [0.83 * factor**layer for layer in range(depth)],
        "gradient_std": [factor ** (depth - layer) for layer in range(depth)],
    }
