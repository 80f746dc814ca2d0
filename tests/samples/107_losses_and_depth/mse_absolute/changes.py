def mse_loss(y_true, y_pred):
    return np.abs(y_true - y_pred).mean()
