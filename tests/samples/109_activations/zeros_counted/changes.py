def relu_zero_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return sum(int((h == 0).sum()) for h in hidden)
