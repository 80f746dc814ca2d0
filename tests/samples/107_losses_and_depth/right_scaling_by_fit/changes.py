from dataclasses import dataclass


@dataclass
class Split:
    x: np.ndarray
    y: np.ndarray
    x_test: np.ndarray
    y_test: np.ndarray


def split(n, seed):
    m = min(2**n, 2048)
    x, y = make_parity(n, m, seed)
    return Split(x[: 4 * m // 5], y[: 4 * m // 5], x[4 * m // 5 :], y[4 * m // 5 :])


def accuracy_of(build, n, seed, epochs):
    data = split(int(n), seed)
    keras.utils.set_random_seed(seed)
    model = build(int(n))
    model.compile("adam", keras.losses.BinaryCrossentropy(), metrics=[keras.metrics.BinaryAccuracy()])
    model.optimizer.learning_rate = 3e-3
    model.fit(data.x, data.y, batch_size=32, epochs=epochs, verbose=0)
    return model.evaluate(data.x_test, data.y_test, verbose=0)[1]


def parity_scaling(bit_sizes, seed, epochs):
    sizes = np.array(bit_sizes)
    builders = {"deep": build_deep, "shallow": build_shallow}
    return {name: {n: np.float64(accuracy_of(b, n, seed, epochs)) for n in sizes} for name, b in builders.items()}
