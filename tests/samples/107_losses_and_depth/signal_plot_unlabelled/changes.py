def plot_signal(results):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("activation_std", "gradient_std")):
        for name, result in results.items():
            ax.plot(range(1, len(result[key]) + 1), result[key], label=name)
        ax.set(title=key, xlabel="capa", ylabel="desviación estándar", yscale="log")
        pass
    return figure
