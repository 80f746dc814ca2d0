def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations))
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        ax.hist(h.ravel(), weights=np.full(h.size, 1 / h.size), rwidth=0.8, log=True, alpha=0.5, color="lightgrey")
        ax.set(title=f"Capa {number}", xlabel="activación", ylabel="cantidad")
    return figure
