def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations), sharex=True)
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        ax.hist(h.ravel(), bins=30, orientation="horizontal")
        ax.set_title(f"Capa {number}")
    figure.supxlabel("cantidad")
    figure.supylabel("activación")
    return figure
