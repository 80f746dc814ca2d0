def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations))
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        ax.hist(h.ravel(), bins=30, weights=np.full(h.size, 3.0))
        ax.set(title=f"Capa {number}", xlabel="activación", ylabel="cantidad")
    return figure
