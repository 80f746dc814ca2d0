def plot_val_loss(histories):
    figure, ax = plt.subplots()
    ax.plot(np.transpose([history["val_loss"] for history in histories.values()]), label=list(histories))
    ax.set(title="Pérdida de validación", xlabel="época", ylabel="pérdida")
    figure.legend(loc="outside right upper")
    return figure
