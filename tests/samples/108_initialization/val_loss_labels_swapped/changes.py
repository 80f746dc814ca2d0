def plot_val_loss(histories):
    figure, ax = plt.subplots()
    for name, label in zip(histories, reversed(histories)):
        ax.plot(histories[name]["val_loss"], label=label)
    ax.set(title="Pérdida de validación", xlabel="época", ylabel="pérdida")
    ax.legend()
    return figure
