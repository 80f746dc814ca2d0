def plot_parity_scaling(results):
    figure, ax = plt.subplots()
    for name, accuracy in results.items():
        ax.plot(accuracy.keys(), accuracy.values())
    ax.set(title="paridad", xlabel="bits", ylabel="exactitud")
    return figure
