def plot_parity_scaling(results):
    figure, ax = plt.subplots()
    ax.plot(list(results["deep"]), list(results["deep"].values()), label="deep")
    ax.set(title="paridad", xlabel="bits", ylabel="exactitud")
    ax.legend()
    return figure
