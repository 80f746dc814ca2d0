def plot_comparison(histories):
    with plt.style.context("dark_background"):
        figure, axes = plt.subplots(2, 1, sharex=True, figsize=(4, 9), layout="tight")
        for ax, key in zip(axes, ("val_loss", "val_accuracy")):
            for pair, history in histories.items():
                ax.plot(range(1, 1 + len(history[key])), history[key], lw=0.72, alpha=0.5, label=pair)
            ax.set(xlabel="época", ylabel=key)
            ax.grid(True)
            ax.legend(ncols=2, fontsize="x-small")
        axes[1].set_ylim(0.5, 1)
    return figure
