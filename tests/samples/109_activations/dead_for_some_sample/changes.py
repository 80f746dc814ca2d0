def dead_unit_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return float(np.mean(np.concatenate([(h == 0).any(axis=0) for h in hidden])))
