def dead_unit_fraction(model, x):
    return float(np.mean(np.concatenate([layer.get_weights()[1] < 0 for layer in model.layers[:-1]])))
