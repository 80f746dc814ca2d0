def plot_comparison(histories):
    figure, ax = plt.subplots()
    for name, history in histories.items():
        ax.plot(history["val_loss"], label=name)
        ax.plot(history["val_accuracy"], label=name)
    ax.set(xlabel="época", ylabel="valor")
    ax.legend()
    return figure
