import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.mathematics import network
from grader.mathematics.activations import softmax


@pytest.fixture
def generator():
    """Random numbers that are the same every time."""
    return np.random.default_rng(7)


@pytest.fixture(params=[1, 2, 3])
def small(request):
    """A network 6-5-4-3 with biases, and a batch of 11 with labels; three draws, so that small activations occur."""
    generator = np.random.default_rng(request.param)
    layers = network.new_network([5, 4, 3], "he_normal", 6, generator)
    layers = [(k.astype(np.float64), generator.normal(size=b.shape)) for k, b in layers]
    return layers, generator.normal(size=(11, 6)), generator.integers(0, 3, 11)


def naive_predict(layers, x, activation):
    """The forward pass unit by unit, in Python's floats."""
    functions = {
        "relu": lambda z: max(z, 0.0),
        "tanh": math.tanh,
        "sigmoid": lambda z: 1 / (1 + math.exp(-z)),
        "elu": lambda z: z if z > 0 else math.exp(z) - 1,
    }
    rows = []
    for row in x.tolist():
        for depth, (kernel, bias) in enumerate(layers):
            z = [
                sum(v * w for v, w in zip(row, column, strict=True)) + b
                for column, b in zip(kernel.T, bias, strict=True)
            ]
            row = [functions[activation](v) for v in z] if depth < len(layers) - 1 else z
        total = sum(map(math.exp, row))
        rows.append([math.exp(v) / total for v in row])
    return np.array(rows)


def loss_of(layers, x, y):
    """Mean cross-entropy by its definition, with the naive forward pass."""
    p = naive_predict(layers, x, "relu")
    return -sum(math.log(row[label]) for row, label in zip(p, y, strict=True)) / len(y)


def flat(layers):
    """All parameters in one vector."""
    return np.concatenate([array.ravel() for layer in layers for array in layer])


def shaped(vector, like):
    """The vector as layers of the shapes of ``like``."""
    layers, position = [], 0
    for kernel, bias in like:
        parts = []
        for array in (kernel, bias):
            parts.append(vector[position : position + array.size].reshape(array.shape))
            position += array.size
        layers.append(tuple(parts))
    return layers


def gradient(layers, x, y, step=1e-5):
    """Central differences of the loss in every parameter."""
    start = flat(layers)
    slopes = np.empty_like(start)
    for index in range(start.size):
        losses = []
        for sign in (1, -1):
            moved = start.copy()
            moved[index] += sign * step
            losses.append(loss_of(shaped(moved, layers), x, y))
        slopes[index] = (losses[0] - losses[1]) / (2 * step)
    return slopes


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid", "elu"])
def test_predict_is_the_textbook_forward_pass(small, activation):
    """Probabilities agree with a unit-by-unit computation in Python's floats."""
    layers, x, _ = small

    assert network.predict(layers, x, activation) == pytest.approx(naive_predict(layers, x, activation), abs=1e-12)


def test_hidden_gives_the_outputs_after_each_activation(small):
    """One array for each hidden layer, the softmax left out."""
    layers, x, _ = small

    first, second = network.hidden(layers, x, "tanh")

    assert first == pytest.approx(np.tanh(x @ layers[0][0] + layers[0][1]))
    assert second == pytest.approx(np.tanh(first @ layers[1][0] + layers[1][1]))


def test_a_network_without_hidden_layers_is_a_softmax_regression(generator):
    """One layer is enough to predict."""
    kernel, bias, x = generator.normal(size=(3, 2)), generator.normal(size=2), generator.normal(size=(4, 3))

    assert network.predict([(kernel, bias)], x) == pytest.approx(naive_predict([(kernel, bias)], x, "relu"))


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=8), st.floats(-1e6, 1e6))
def test_softmax_is_a_distribution_that_ignores_shifts(logits, shift):
    """Positive or zero, sums to one, stable for large logits, and the same when all logits move together."""
    z = np.array(logits)

    p = softmax(z)

    assert (p >= 0).all()
    assert p.sum() == pytest.approx(1)
    assert softmax(z + shift) == pytest.approx(p, abs=1e-6)


def test_evaluate_is_mean_cross_entropy_and_accuracy(small):
    """Both by their definitions."""
    layers, x, y = small
    p = naive_predict(layers, x, "relu")

    loss, accuracy = network.evaluate(layers, x, y)

    assert loss == pytest.approx(loss_of(layers, x, y))
    assert accuracy == pytest.approx(sum(row.argmax() == label for row, label in zip(p, y, strict=True)) / len(y))


def test_evaluate_survives_certainty():
    """A wrong and certain answer costs the distance of its logits, as in Keras, and no infinity."""
    layers = [(np.array([[1000.0, 0.0]]), np.zeros(2))]

    loss, accuracy = network.evaluate(layers, np.ones((3, 1)), np.array([1, 1, 0]))

    assert loss == pytest.approx(2 / 3 * 1000)
    assert accuracy == pytest.approx(1 / 3)


def test_gradients_are_the_finite_differences_of_the_loss(small):
    """Of the mean cross-entropy, for each kernel and bias."""
    layers, x, y = small

    assert flat(network.gradients(layers, x, y)) == pytest.approx(gradient(layers, x, y), abs=2e-6)


def test_new_networks_have_the_shapes_and_laws_of_build_mlp(generator):
    """Hidden kernels by the initializer, the last one by Glorot, zero biases."""
    layers = network.new_network([300, 200, 10], "he_uniform", 400, generator)

    assert [kernel.shape for kernel, _ in layers] == [(400, 300), (300, 200), (200, 10)]
    assert not any(bias.any() for _, bias in layers)
    limits = [math.sqrt(6 / 400), math.sqrt(6 / 300), math.sqrt(6 / 210)]
    assert [np.abs(kernel).max() for kernel, _ in layers] == pytest.approx(limits, rel=1e-2)


def test_an_odd_list_of_weights_is_no_network():
    """Kernel and bias come in pairs."""
    with pytest.raises(ValueError, match="zip"):
        network.pairs([np.zeros(1)] * 3)
