def plot_signal(results):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("activation_std", "gradient_std")):
        for name, result in results.items():
            ax.plot(result[key], label=name)
        ax.set(title=key, xlabel="capa", ylabel="desviación estándar", yscale="log")
        ax.legend()
    return figure
