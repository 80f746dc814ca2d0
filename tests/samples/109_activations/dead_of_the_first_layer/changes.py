def dead_unit_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return float(np.mean((hidden[0] == 0).all(axis=0)))
