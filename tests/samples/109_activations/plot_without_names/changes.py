def plot_comparison(histories):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("val_loss", "val_accuracy")):
        for name, history in histories.items():
            ax.plot(history[key], label=name)
        ax.legend()
    return figure
