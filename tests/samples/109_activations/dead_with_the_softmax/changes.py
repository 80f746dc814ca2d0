def dead_unit_fraction(model, x):
    hidden = hidden_outputs(model, x)
    return sum((h == 0).all(axis=0).sum() for h in hidden) / sum(layer.units for layer in model.layers)
