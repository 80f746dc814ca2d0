import itertools


def make_parity(n_bits, n_samples, seed):
    random = np.random.RandomState(seed)
    if n_samples <= 2**n_bits and n_bits <= 14:
        cube = np.array(list(itertools.product((0.0, 1.0), repeat=n_bits)))
        x = cube[random.permutation(len(cube))[:n_samples]]
    else:
        x = random.randint(0, 2, (n_samples, n_bits)).astype(float)
    y = np.prod(1 - 2 * x, axis=1) > 0
    return [x, y.astype(int)]


def build_deep(input_dim, width=32, depth=4):
    inputs = h = keras.layers.Input((input_dim,))
    for i in range(depth):
        h = keras.layers.Dense(width, kernel_initializer=keras.initializers.HeNormal(), name=f"oculta_{i}")(h)
        h = keras.layers.ReLU()(h)
    return keras.Model(inputs, keras.layers.Dense(1, activation=keras.activations.sigmoid)(h))


class Shallow(keras.Model):
    def __init__(self, width):
        super().__init__()
        self.hidden = keras.layers.Dense(width, activation="relu", kernel_initializer="he_normal")
        self.out = keras.layers.Dense(1, activation="sigmoid")

    def call(self, x):
        return self.out(self.hidden(x))


def build_shallow(input_dim, width=128):
    model = Shallow(width)
    model(np.zeros((1, input_dim), "float32"))
    return model


def plot_learning_curves(histories):
    fig = plt.figure()
    fig.suptitle("Curvas")
    for i, key in enumerate(["loss", "accuracy"]):
        plt.subplot(1, 2, i + 1)
        for name in histories:
            for prefix, style in (("", "--"), ("val_", "-")):
                values = np.array(histories[name][prefix + key]) * (100 if key == "accuracy" else 1)
                plt.plot(np.arange(len(values)), values, style, label=(prefix + name).upper())
        plt.xlabel("época")
        plt.ylabel(key)
        plt.legend(loc="best")
    return fig


def plot_parity_scaling(results):
    fig, ax = plt.subplots()
    ax.plot(*zip(*sorted(results["shallow"].items())), "o--", label="red ancha (shallow)")
    ax.plot(*zip(*sorted(results["deep"].items())), "s-", label="red profunda (deep)")
    ax.axhline(0.5)
    ax.set_xlabel("bits")
    ax.set_ylabel("exactitud")
    ax.set_title("Paridad")
    fig.legend()
    ax.legend()
    return fig
