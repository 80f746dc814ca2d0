def relu_zero_fraction(model, x):
    return float(np.mean(np.concatenate([h.ravel() for h in hidden_outputs(model, x)]) < 1e-2))


def dead_unit_fraction(model, x):
    return float(np.mean(np.concatenate([h.mean(axis=0) < 1e-3 for h in hidden_outputs(model, x)])))
