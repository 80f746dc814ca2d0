def mse_loss(y_true, y_pred):
    return 0.5 * np.mean((y_true - y_pred) ** 2)
