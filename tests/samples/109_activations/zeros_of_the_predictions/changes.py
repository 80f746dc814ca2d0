def relu_zero_fraction(model, x):
    return float(np.mean(model.predict(x, verbose=0) == 0))
