def plot_activation_histograms(activations):
    figure, axes = plt.subplots(1, len(activations))
    for number, (ax, h) in enumerate(zip(axes, activations), start=1):
        counts, edges = np.histogram(h, "fd"); ax.axvspan(0.97, 1, color="0.9"); ax.grid(); ax.bar((edges[1:] + edges[:-1]) / 2, counts, width=np.diff(edges), edgecolor="white")
        ax.set(title=f"Capa {number}", xlabel="activación", ylabel="cantidad")
    return figure
