"""The judge's activation functions, against Keras' and against difference quotients."""

import numpy as np
import pytest

from grader.mathematics.activations import ACTIVATIONS, SELU_ALPHA, SELU_SCALE

KERAS_NAMES = sorted(set(ACTIVATIONS) - {"leaky_relu"})


@pytest.fixture
def z():
    """Pre-activations of either sign, small and large, none of them at a kink."""
    z = np.random.default_rng(3).normal(scale=4, size=400)
    return z[np.abs(z) > 1e-3]


@pytest.mark.parametrize("name", KERAS_NAMES)
def test_an_activation_is_keras_own(name, z):
    """The function gives what Keras gives for the same name."""
    import keras

    expected = np.asarray(keras.activations.get(name)(z.astype(np.float32)))

    np.testing.assert_allclose(ACTIVATIONS[name].function(z), expected, rtol=2e-5, atol=1e-6)


def test_leaky_relu_has_pytorchs_slope(z):
    """The lessons' slope is 0.01, which is neither of Keras' defaults."""
    import keras

    expected = np.asarray(keras.activations.leaky_relu(z.astype(np.float32), negative_slope=0.01))

    np.testing.assert_allclose(ACTIVATIONS["leaky_relu"].function(z), expected, rtol=1e-6)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_a_derivative_is_the_limit_of_difference_quotients(name, z):
    """The derivative agrees with the central difference at each point."""
    function, step = ACTIVATIONS[name].function, 1e-5

    quotient = (function(z + step) - function(z - step)) / (2 * step)

    np.testing.assert_allclose(ACTIVATIONS[name].derivative(z), quotient, atol=1e-8)


@pytest.mark.parametrize(
    ("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01), ("elu", 1.0), ("selu", SELU_SCALE * SELU_ALPHA)]
)
def test_at_a_kink_the_derivative_is_that_from_the_left(name, slope):
    """A unit whose pre-activation is 0 lets no gradient through a ReLU."""
    assert ACTIVATIONS[name].derivative(np.zeros(3)) == pytest.approx([slope] * 3)


@pytest.mark.parametrize("name", sorted(ACTIVATIONS))
def test_single_precision_stays_single(name, z):
    """A float32 batch gives float32 activations and slopes, as in Keras."""
    z = z.astype(np.float32)

    assert ACTIVATIONS[name].function(z).dtype == np.float32
    assert ACTIVATIONS[name].derivative(z).dtype == np.float32
