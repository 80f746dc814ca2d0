import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from grader.mathematics import losses

SHAPES = st.tuples(st.integers(1, 6), st.integers(2, 5))
LOGITS = hnp.arrays(float, SHAPES, elements=st.floats(-30, 30))


def labels_for(logits, seed=3):
    """A label for each row of logits."""
    return np.random.default_rng(seed).integers(0, logits.shape[1], len(logits))


def naive_cross_entropy(logits, labels):
    """−ln p by its definition, in Python's floats."""
    costs = []
    for row, label in zip(logits.tolist(), labels.tolist(), strict=True):
        costs.append(-math.log(math.exp(row[label]) / sum(math.exp(z) for z in row)))
    return sum(costs) / len(costs)


def slope_by_differences(loss, logits, targets, step=1e-6):
    """Central differences of the loss in every logit."""
    slopes = np.empty_like(logits)
    for index in np.ndindex(logits.shape):
        moved = [logits.copy(), logits.copy()]
        moved[0][index] += step
        moved[1][index] -= step
        slopes[index] = (loss.value(moved[0], targets) - loss.value(moved[1], targets)) / (2 * step)
    return slopes


@given(LOGITS)
def test_cross_entropy_is_its_definition(logits):
    """Mean of −ln p of the right class, where Python's floats can compute it."""
    labels = labels_for(logits)

    assert losses.cross_entropy(logits, labels) == pytest.approx(naive_cross_entropy(logits, labels), abs=1e-9)


@given(LOGITS, st.floats(-1e6, 1e6))
def test_log_softmax_ignores_shifts_and_stays_finite(logits, shift):
    """The logarithms of a distribution, the same when all logits of a row move together, however far."""
    found = losses.log_softmax(logits + shift)

    assert np.isfinite(found).all()
    assert found == pytest.approx(losses.log_softmax(logits), abs=1e-6)
    assert np.exp(found).sum(axis=1) == pytest.approx(np.ones(len(logits)), abs=1e-6)


def test_a_wrong_and_certain_answer_costs_the_distance():
    """Where the right class lies 2000 below the other, the loss is 2000 and not infinite."""
    logits = np.array([[1000.0, -1000.0]])

    assert losses.cross_entropy(logits, np.array([1])) == 2000.0


@given(LOGITS)
def test_mse_is_a_mean_over_all_numbers(logits):
    """By its definition, in Python's floats."""
    targets = losses.one_hot(labels_for(logits), logits.shape[1])

    pairs = zip(targets.ravel().tolist(), logits.ravel().tolist(), strict=True)
    assert losses.mse(targets, logits) == pytest.approx(sum((a - b) ** 2 for a, b in pairs) / logits.size)


@pytest.mark.parametrize("name", ["MSE", "CROSS_ENTROPY"])
def test_slopes_are_the_finite_differences(name):
    """The gradient for the logits, the squared error through the softmax included."""
    logits = np.random.default_rng(1).normal(0, 2, (4, 5))
    loss, labels = getattr(losses, name), labels_for(logits)

    assert loss.slope(logits, labels) == pytest.approx(slope_by_differences(loss, logits, labels), abs=1e-7)


def test_the_binary_slope_is_the_finite_differences():
    """One logit for each example."""
    logits = np.random.default_rng(2).normal(0, 2, (7, 1))
    targets, loss = (logits > 0.3).astype(float), losses.BINARY_CROSS_ENTROPY

    assert loss.slope(logits, targets) == pytest.approx(slope_by_differences(loss, logits, targets), abs=1e-7)
    p = 1 / (1 + np.exp(-logits))
    assert loss.value(logits, targets) == pytest.approx(-np.log(np.where(targets == 1, p, 1 - p)).mean())


def test_accuracies_count_right_answers():
    """The largest logit for classes, the sign of the logit for a yes or no."""
    z = np.array([[2.0, 1.0], [0.0, 3.0], [5.0, 4.0]])

    assert losses.MSE.accuracy(z, np.array([0, 1, 1])) == pytest.approx(2 / 3)
    assert losses.CROSS_ENTROPY.accuracy(z, np.array([0, 0, 1])) == pytest.approx(1 / 3)
    answers = np.array([[1.0], [1.0], [1.0]])
    assert losses.BINARY_CROSS_ENTROPY.accuracy(np.array([[0.1], [-0.1], [3.0]]), answers) == pytest.approx(2 / 3)
