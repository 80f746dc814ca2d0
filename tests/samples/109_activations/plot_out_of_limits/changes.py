def plot_comparison(histories):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("val_loss", "val_accuracy")):
        for pair, history in histories.items():
            ax.plot(history[key], label=pair)
        ax.set(xlabel="época", ylabel=key, xlim=(1000, 2000))
        ax.legend()
    return figure
