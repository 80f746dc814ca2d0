def plot_parity_scaling(results):
    figure, ax = plt.subplots()
    for name, by_bits in results.items():
        ax.plot([str(bits) for bits in by_bits], list(by_bits.values()), "o", label=name)
    ax.set(title="Paridad", xlabel="bits", ylabel="exactitud")
    ax.legend()
    return figure


def plot_signal(results):
    figure, axes = plt.subplots(2, sharex=True)
    for ax, key, title in zip(axes, ("activation_std", "gradient_std"), ("Ida", "Vuelta")):
        for name, result in results.items():
            ax.step(range(1, len(result[key]) + 1), result[key], where="mid", label=name)
        ax.set(yscale="log", title=title)
        ax.legend()
    figure.supxlabel("capa")
    figure.supylabel("desviación estándar")
    return figure
