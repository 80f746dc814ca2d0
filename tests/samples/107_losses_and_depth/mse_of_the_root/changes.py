def mse_loss(y_true, y_pred):
    return np.sqrt(np.mean((y_true - y_pred) ** 2))
