def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations), squeeze=False)
    for number, (ax, h) in enumerate(zip(axes[0], activations, strict=True), start=1):
        ax.hist(h.ravel(), bins=50)
        ax.set(title=f"Capa {number}, $\sigma = {h.std():.2f}$", xlabel="$h\in R$", ylabel="frecuencia")
    return figure
