def plot_learning_curves(histories):
    figure, axes = plt.subplots(2)
    for ax, key, title in zip(axes, ("loss", "accuracy"), ("Pérdida", "Exactitud")):
        for history in histories.values():
            ax.plot(history[key], "--")
            ax.plot(history[f"val_{key}"], "o-")
        ax.legend([f"{name}, {part}" for name in histories for part in ("entrenamiento", "validación")])
        ax.set(title=title, xlabel="época", ylabel=title)
    return figure


def plot_parity_scaling(results):
    plt.figure()
    for name, by_bits in results.items():
        plt.errorbar(list(by_bits), list(by_bits.values()), fmt="o-", label=f"red {name}")
    plt.axhline(0.5, color="black", linestyle=":", label="azar")
    plt.title("Paridad")
    plt.xlabel("bits")
    plt.ylabel("exactitud de prueba")
    plt.legend()
    return plt.gcf()


def plot_signal(results):
    figure, axes = plt.subplots(1, 2)
    for ax, key, title in zip(axes, ("activation_std", "gradient_std"), ("Ida", "Vuelta")):
        depth = len(next(iter(results.values()))[key])
        lines = ax.semilogy(range(1, depth + 1), np.transpose([result[key] for result in results.values()]))
        ax.legend(lines, results, title="inicializador")
        ax.set(title=title, xlabel="capa", ylabel="desviación")
    return figure
