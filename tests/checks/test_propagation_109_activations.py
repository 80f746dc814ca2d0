import math

import numpy as np
import pytest

from grader.checks.lesson_109_activations.propagation import ROWS, backward_factor, forward_factor, rms
from grader.mathematics.activations import ACTIVATIONS
from grader.mathematics.initializers import draw


def chain(activation, depth, width, seed):
    """The stack of ``backward_factor``, drawn in its order, as one function of its input; input and upstream too."""
    rng = np.random.default_rng(seed)
    kernels = [draw("glorot_uniform", width, width, rng).astype(np.float64) for _ in range(depth)]
    x, upstream = rng.standard_normal((ROWS, width)), rng.standard_normal((ROWS, width))

    def output(h):
        for kernel in kernels:
            h = ACTIVATIONS[activation].function(h @ kernel)
        return h

    return output, x, upstream


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "selu", "mish", "linear"])
def test_the_factor_is_that_of_difference_quotients(activation):
    """The gradient of sum(upstream · output), by central differences in every input of a narrow stack."""
    width, step = 5, 1e-5
    output, x, upstream = chain(activation, 3, width, seed=4)
    gradient = np.empty_like(x)
    for column in range(width):
        nudge = np.zeros(width)
        nudge[column] = step
        gradient[:, column] = ((output(x + nudge) - output(x - nudge)) * upstream).sum(axis=1) / (2 * step)

    factor = backward_factor(activation, "glorot_uniform", 3, width, np.random.default_rng(4))

    assert factor == pytest.approx(rms(gradient) / rms(upstream), rel=1e-5)


@pytest.mark.parametrize(("initializer", "step"), [("he_uniform", 1.0), ("torch_uniform", 1 / math.sqrt(6))])
def test_relu_keeps_the_gradient_by_he_and_loses_it_by_torchs_default(initializer, step):
    """He et al. (2015), eq. 14: half of the slopes are zero, so a layer's factor is √(fan_out Var(W)/2)."""
    draws = [backward_factor("relu", initializer, 4, 150, np.random.default_rng(seed)) for seed in range(12)]

    assert np.mean(np.log(draws)) == pytest.approx(4 * math.log(step), abs=0.08)


def test_a_linear_stack_of_fan_in_keeps_both_ways():
    """With Var(W) = 1/n the signal keeps its size forward and the gradient backward."""
    for measure in (backward_factor, forward_factor):
        draws = [measure("linear", "lecun_normal", 4, 150, np.random.default_rng(seed)) for seed in range(12)]
        assert np.mean(np.log(draws)) == pytest.approx(0, abs=0.05)


def test_sigmoids_slope_is_at_most_a_quarter():
    """Each layer takes three quarters or more of what linear layers would leave, on average over draws."""
    for depth in (1, 3):
        linear = backward_factor("linear", "he_uniform", depth, 100, np.random.default_rng(8))
        sigmoid = backward_factor("sigmoid", "he_uniform", depth, 100, np.random.default_rng(8))
        assert sigmoid < linear * 0.25**depth * 1.05


def test_rms_is_the_root_of_the_mean_square():
    """Of all numbers, whatever the shape."""
    assert rms(np.array([[3.0, 4.0], [0.0, 0.0]])) == pytest.approx(2.5)
