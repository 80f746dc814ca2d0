def probe_signal(kernel_initializer, depth=15, width=128, input_dim=100, seed=42):
    keras.utils.set_random_seed(seed)
    if kernel_initializer == "orthogonal":
        draw = lambda shape: np.array(keras.initializers.Orthogonal(gain=2**0.5)(shape))
    else:
        draw = lambda shape: np.array(keras.initializers.get(kernel_initializer)(shape))
    h = np.random.randn(512, input_dim)
    kernels, outputs = [], []
    for _ in range(depth):
        kernels.append(draw((h.shape[1], width)))
        h = np.maximum(0, h @ kernels[-1])
        outputs.append(h)
    g = np.random.randn(*h.shape)
    stds = [g.std()]
    for kernel, output in zip(reversed(kernels[1:]), reversed(outputs[1:])):
        g = np.where(output > 0, g, 0) @ kernel.T
        stds.append(g.std())
    return {"activation_std": np.array([o.std() for o in outputs]), "gradient_std": stds[::-1]}


def plot_signal(results):
    fig = plt.figure()
    for i, key in enumerate(("activation_std", "gradient_std"), start=1):
        ax = fig.add_subplot(2, 1, i)
        for name in results:
            ax.semilogy(np.arange(len(results[name][key])) + 1, results[name][key], ".-", label=f"inicializador {name}")
        ax.legend(title="inicializador")
        ax.set_ylabel("desviación")
    ax.set_xlabel("capa")
    fig.suptitle("La señal")
    return fig
