def relu_zero_fraction(model, x):
    outputs, h = [], x
    for layer in model.layers:
        h = layer(h)
        outputs.append((np.array(h) == 0).ravel())
    return float(np.concatenate(outputs).mean())
