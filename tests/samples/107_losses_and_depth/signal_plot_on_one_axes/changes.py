def plot_signal(results):
    figure, ax = plt.subplots()
    for name, result in results.items():
        for key, values in result.items():
            ax.semilogy(range(1, len(values) + 1), values, label=f"{name} {key}")
    ax.set(title="señal", xlabel="capa", ylabel="desviación")
    ax.legend()
    return figure
