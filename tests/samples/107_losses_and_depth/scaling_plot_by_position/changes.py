def plot_parity_scaling(results):
    figure, ax = plt.subplots()
    for name, accuracy in results.items():
        ax.plot(list(accuracy.values()), label=name)
    ax.set(title="paridad", xlabel="bits", ylabel="exactitud")
    ax.legend()
    return figure
