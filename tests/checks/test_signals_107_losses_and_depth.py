import numpy as np
import pytest

from grader.checks.lesson_107_losses_and_depth import signals
from grader.mathematics import losses, network


@pytest.fixture
def generator():
    """Random numbers that are the same every time."""
    return np.random.default_rng(5)


def test_gradients_are_those_of_backpropagation(generator):
    """The gradient for each layer's outputs, by finite differences of the sum that the upstream gradient weighs."""
    kernels = [generator.normal(size=shape) for shape in ((6, 5), (5, 5), (5, 4))]
    x, upstream = generator.normal(size=(3, 6)), generator.normal(size=(3, 4))

    def outputs_from(layer, h):
        for w in kernels[layer:]:
            h = np.maximum(h @ w, 0)
        return h

    found = signals.profile(kernels, x, upstream)

    for layer in (1, 2):
        h = x
        for w in kernels[:layer]:
            h = np.maximum(h @ w, 0)
        slopes = np.empty_like(h)
        for index in np.ndindex(h.shape):
            moved = [h.copy(), h.copy()]
            moved[0][index] += 1e-6
            moved[1][index] -= 1e-6
            high, low = (float((outputs_from(layer, each) * upstream).sum()) for each in moved)
            slopes[index] = (high - low) / 2e-6
        assert found.gradient_std[layer - 1] == pytest.approx(slopes.std(), rel=1e-4)
    assert found.gradient_std[-1] == pytest.approx(upstream.std())


def test_activations_are_the_forward_pass(generator):
    """One standard deviation for each layer's outputs after ReLU."""
    kernels = [generator.normal(size=(4, 4)) for _ in range(3)]
    x = generator.normal(size=(8, 4))

    found = signals.profile(kernels, x, x)

    layers = [(w, np.zeros(4)) for w in kernels] + [(np.eye(4), np.zeros(4))]
    assert found.activation_std == pytest.approx([h.std() for h in network.hidden(layers, x, "relu")])


@pytest.mark.parametrize("shape", [(7, 4), (4, 7), (5, 5)])
def test_orthogonal_kernels_keep_lengths_times_the_gain(shape, generator):
    """The shorter side's vectors are orthogonal, each of length √2."""
    w = signals.kernel("orthogonal", *shape, generator)

    assert w.shape == shape
    gram = w @ w.T if shape[0] < shape[1] else w.T @ w
    assert gram == pytest.approx(2 * np.eye(min(shape)), abs=1e-5)


def test_glorot_loses_half_of_the_square_in_each_layer_and_he_keeps_it(generator):
    """Between layers of one width: the factor per layer is 1/√2 for Glorot and 1 for He and orthogonal kernels."""
    factors = {}
    for name in ("glorot_uniform", "he_normal", "orthogonal"):
        profiles = [signals.probe(name, 9, 300, 300, generator) for _ in range(6)]
        for key in ("activation_std", "gradient_std"):
            logs = np.log([getattr(each, key) for each in profiles]).mean(axis=0)
            factors[name, key] = float(np.exp((logs[-1] - logs[0]) / 8))

    assert factors["glorot_uniform", "activation_std"] == pytest.approx(2**-0.5, abs=0.04)
    assert factors["glorot_uniform", "gradient_std"] == pytest.approx(2**0.5, abs=0.06)
    for name in ("he_normal", "orthogonal"):
        for key in ("activation_std", "gradient_std"):
            assert factors[name, key] == pytest.approx(1, abs=0.05)


def test_gradients_for_a_given_slope_are_the_cross_entropys(generator):
    """Backpropagation from a loss's slope gives what the network's own gradients are."""
    layers = network.new_network([5, 4], "he_normal", 6, generator)
    x, y = generator.normal(size=(9, 6)), generator.integers(0, 4, 9)

    _, found = network.backpropagate(layers, x, lambda z: losses.CROSS_ENTROPY.slope(z, y), "tanh")

    for pair, other in zip(found, network.gradients(layers, x, y, "tanh"), strict=True):
        for array, wanted in zip(pair, other, strict=True):
            assert array == pytest.approx(wanted, abs=1e-6)
