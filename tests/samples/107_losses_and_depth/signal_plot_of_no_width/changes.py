def plot_signal(results):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("activation_std", "gradient_std")):
        for name, result in results.items():
            ax.semilogy(range(1, len(result[key]) + 1), result[key], label=name, linewidth=0)
        ax.set(title=key, xlabel="capa", ylabel="desviación")
        ax.legend()
    return figure
