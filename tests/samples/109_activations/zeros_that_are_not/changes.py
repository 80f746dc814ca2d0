def relu_zero_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return float(np.mean(np.concatenate([(h > 0).ravel() for h in hidden])))
