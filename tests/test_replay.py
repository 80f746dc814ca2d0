import math

import numpy as np
import pytest

from grader import network
from grader.activations import ACTIVATIONS
from grader.replay import Recipe, evaluate, train


@pytest.fixture(params=["relu", "tanh", "gelu"])
def activation(request):
    """A kinked one, one that saturates, one that is neither."""
    return request.param


@pytest.fixture
def start():
    """A network 2-6-5-2."""
    return network.new_network([6, 5, 2], "he_uniform", 2, np.random.default_rng(1))


@pytest.fixture
def data():
    """Forty examples to learn from, nine to look at."""
    rng = np.random.default_rng(2)
    x, y = rng.normal(size=(49, 2)).astype(np.float32), rng.integers(0, 2, 49)
    return [x[:40], y[:40], x[40:], y[40:]]


def flat(layers):
    """All parameters in one vector."""
    return np.concatenate([array.ravel() for layer in layers for array in layer])


def test_each_epoch_goes_through_its_own_permutation(start, data, activation):
    """One generator gives one order after the other, and each batch one step against its gradient."""
    rng, layers = np.random.default_rng(9), start
    for _ in range(2):
        order = rng.permutation(40)
        for rows in (order[:32], order[32:]):
            steps = network.gradients(layers, data[0][rows], data[1][rows], activation)
            layers = [(k - 0.1 * dk, b - 0.1 * db) for (k, b), (dk, db) in zip(layers, steps, strict=True)]

    done = train(start, data, Recipe(activation, 0.1, 9), epochs=2)

    assert len(done) == 2
    assert flat(done[-1].layers) == pytest.approx(flat(layers), abs=1e-6)


def test_the_first_epoch_is_that_of_the_homeworks_replay(start, data):
    """For ReLU, network.train_epoch comes to the same."""
    expected = network.train_epoch(start, data[0], data[1], 32, 0.1, 9)

    (done,) = train(start, data, Recipe("relu", 0.1, 9), epochs=1)

    assert flat(done.layers) == pytest.approx(flat(expected), abs=1e-6)


def test_momentum_adds_what_is_left_of_the_last_step(start, data):
    """Two steps on the same full batch, with heavy-ball momentum by hand."""
    x, y = data[:2]
    recipe, layers, velocity = Recipe("tanh", 0.1, 0, batch_size=40, momentum=0.9), start, None
    for _ in range(2):
        steps = [g for layer in network.gradients(layers, x, y, "tanh") for g in layer]
        velocity = [-0.1 * g + (0.9 * v if velocity else 0) for g, v in zip(steps, velocity or steps, strict=True)]
        moved = [w + v for w, v in zip([a for layer in layers for a in layer], velocity, strict=True)]
        layers = network.pairs(moved)

    done = train(start, data, recipe, epochs=2)

    assert flat(done[-1].layers) == pytest.approx(flat(layers), abs=1e-6)


def test_losses_are_those_of_the_validation_examples(start, data, activation):
    """By their definitions, after the epoch."""
    (done,) = train(start, data, Recipe(activation, 0.1, 9), epochs=1)
    f, h = ACTIVATIONS[activation].function, data[2]
    for kernel, bias in done.layers[:-1]:
        h = f(h @ kernel + bias)
    p = network.softmax(h @ done.layers[-1][0] + done.layers[-1][1])

    assert done.val_loss == pytest.approx(-np.log(p[np.arange(9), data[3]]).mean(), rel=1e-5)
    assert done.val_accuracy == pytest.approx((p.argmax(axis=1) == data[3]).mean())


def test_the_network_that_it_starts_from_stays(start, data):
    """It is evidence."""
    before = flat(start).copy()

    train(start, data, Recipe("relu", 0.5, 1), epochs=2)

    assert np.array_equal(flat(start), before)


def test_certainty_costs_what_it_costs_in_keras():
    """A probability of zero for the right class costs ln 10⁷."""
    layers = [(np.array([[1000.0, 0.0]]), np.zeros(2))]

    assert evaluate(layers, np.ones((2, 1)), np.array([1, 0]), "relu")[0] == pytest.approx(math.log(1e7) / 2)
