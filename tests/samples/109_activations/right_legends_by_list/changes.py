def plot_comparison(histories):
    for number, (key, name) in enumerate((("val_loss", "pérdida"), ("val_accuracy", "exactitud")), start=1):
        plt.subplot(1, 2, number)
        for history in histories.values():
            plt.plot(history[key])
        plt.legend(histories.keys())
        plt.xlabel("época")
        plt.ylabel(name)
    return plt.gcf()
