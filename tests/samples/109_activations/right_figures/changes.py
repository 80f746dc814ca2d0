from matplotlib.figure import Figure


def plot_comparison(histories):
    fig = Figure(figsize=(6, 8))
    top, bottom = fig.add_subplot(2, 1, 1), fig.add_subplot(2, 1, 2)
    for pair in histories:
        epochs = np.arange(len(histories[pair]["val_loss"]))
        top.semilogy(epochs, histories[pair]["val_loss"], "--", label=pair)
        bottom.plot(epochs, np.array(histories[pair]["val_accuracy"]), marker="o", label=pair)
    for ax, name in ((top, "$L$ de validación"), (bottom, "exactitud")):
        ax.axis("tight")
        ax.set_xlabel("épocas")
        ax.set_ylabel(name)
        ax.legend(loc="best", fontsize=7)
    fig.suptitle("Cinco pares")
    return fig
