def dead_unit_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return 1 - float(np.mean(np.concatenate([(h == 0).all(axis=0) for h in hidden])))
