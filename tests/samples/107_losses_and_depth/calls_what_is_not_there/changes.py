gradient_norms = None


def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    return probe_signals(kernel_initializer)
