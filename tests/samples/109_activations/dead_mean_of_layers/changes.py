def dead_unit_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return float(np.mean([np.mean((h == 0).all(axis=0)) for h in hidden]))
