def plot_learning_curves(histories):
    figure, ax = plt.subplots()
    for name, history in histories.items():
        for key, values in history.items():
            ax.plot(values, label=f"{name} {key}")
    ax.set(title="curvas", xlabel="época", ylabel="valor")
    ax.legend()
    return figure
