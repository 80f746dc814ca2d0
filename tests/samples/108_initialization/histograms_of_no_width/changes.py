def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations))
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        counts, edges = np.histogram(h, 30); ax.bar(edges[:-1], counts, width=0, edgecolor="k")
        ax.set(title=f"Capa {number}", xlabel="activación", ylabel="cantidad")
    return figure
