def plot_val_loss(histories):
    figure, ax = plt.subplots()
    for name, history in histories.items():
        ax.plot(history["val_loss"], label=name, color="w")
    ax.set(title="Pérdida de validación", xlabel="época", ylabel="pérdida")
    ax.legend()
    return figure
