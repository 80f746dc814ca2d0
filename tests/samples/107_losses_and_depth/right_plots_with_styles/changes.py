def show_prediction(model, images, labels, index):
    p = np.array(model(images[index : index + 1]))[0]
    with plt.style.context("dark_background"):
        figure, (ax1, ax2) = plt.subplots(1, 2, figsize=(10, 4), layout="constrained")
        ax1.imshow(images[index].reshape(28, 28), cmap="gray", interpolation="bilinear")
        ax1.axis("off")
        ax1.set_title(kit.CLASS_NAMES[labels[index]])
        for i, value in enumerate(p):
            ax2.bar(i, value, color="tab:red" if i == p.argmax() else "white", alpha=0.5)
        ax2.set(title=kit.CLASS_NAMES[int(p.argmax())], xlabel="clase", ylabel="probabilidad")
        ax2.grid(axis="y", linestyle=":")
    return figure


def plot_learning_curves(histories):
    figure, left = plt.subplots(figsize=(5, 3), dpi=200)
    right = left.twinx()
    for name, history in histories.items():
        for ax, key in ((left, "loss"), (right, "accuracy")):
            ax.plot(history[key], ",-", linewidth=0.72, alpha=0.5, label=f"{name} {key}")
            ax.plot(history[f"val_{key}"], ":", color="lightgrey", label=f"{name} val_{key}")
    left.set(title="Curvas", xlabel="época", ylabel="pérdida")
    right.set_ylabel("exactitud")
    left.legend(loc="upper left", fontsize=5)
    right.legend(loc="upper right", fontsize=5)
    return figure


def plot_signal(results):
    plt.style.use("ggplot")
    figure, axes = plt.subplots(1, 2, sharey=True)
    for ax, key in zip(axes, ("activation_std", "gradient_std")):
        ax.axvspan(0, 3, color="0.9")
        for name, result in results.items():
            ax.plot(range(1, len(result[key]) + 1), result[key], "o", markersize=2, label=name)
        ax.set(title=key, xlabel="capa", ylabel="desviación", yscale="log", xlim=(1, None))
        ax.legend()
    figure.tight_layout()
    return figure
