def plot_val_loss(histories):
    figure, ax = plt.subplots()
    for name, history in histories.items():
        ax.plot(history["val_loss"], label=name)
    ax.legend()
    return figure


def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations))
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        ax.hist(h.ravel())
        ax.set_title(f"Capa {number}")
    return figure
