def plot_learning_curves(histories):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("loss", "accuracy")):
        for name, history in histories.items():
            ax.plot(history[key], label=name); ax.plot(history["val_" + key], label="val " + name)
        ax.set(title=key, xlabel="época", ylabel=key)
        pass
    return figure
