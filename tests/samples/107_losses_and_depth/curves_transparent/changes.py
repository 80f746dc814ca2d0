def plot_learning_curves(histories):
    figure, axes = plt.subplots(1, 2)
    for ax, key in zip(axes, ("loss", "accuracy")):
        for name, history in histories.items():
            ax.plot(history[key], label=f"{name}, entrenamiento", alpha=0)
            ax.plot(history[f"val_{key}"], label=f"{name}, validación", alpha=0)
        ax.set(title=key, xlabel="época", ylabel=key)
        ax.legend()
    return figure
