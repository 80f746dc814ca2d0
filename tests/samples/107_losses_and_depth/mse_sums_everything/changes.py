def mse_loss(y_true, y_pred):
    return np.sum((y_true - y_pred) ** 2)
