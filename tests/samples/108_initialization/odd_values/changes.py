class Nobody:
    def __str__(self):
        raise RuntimeError("no")

    __repr__ = __str__


class OddKey(Nobody):
    def __repr__(self):
        return "\x1b[31mclave\n" * 40


def compute_fans(kernel_shape):
    return (float("nan"), float("inf")) if len(kernel_shape) == 2 else {3, 4}


def theoretical_variance(initializer, fan_in, fan_out):
    if initializer == "identity":
        raise ValueError
    return f"{2 / fan_in} {{reason}}"


def uniform_limit(initializer, fan_in, fan_out):
    return None


def inspect_default_kernel(units, input_dim, seed):
    return {OddKey(): 1, (1, 2): 2, None: 3, True: 4, 2.5: 5, b"kernel": 6}


def layer_activations(model, batch):
    return [np.zeros((3, 1)) for _ in model.layers[:-1]]


def activation_variances(activations):
    deep = 0.5
    for _ in range(500):
        deep = [deep]
    return {"deep": deep}


def plot_activation_histograms(activations):
    return Nobody()


def saturation_fraction(activations, threshold=0.97):
    return [True, np.bool_(True), 1 + 0j]


def kernel_norms(weights):
    return [0.0] * 10**6


def best_initializer(results):
    return ["he_normal", "he_uniform"]
