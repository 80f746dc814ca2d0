"""Activation functions and their derivatives in NumPy, as the judge computes them.

References: Clevert et al. (2016), ELU; Klambauer et al. (2017), SELU; Hendrycks and Gimpel (2016), GELU;
Ramachandran et al. (2017), Swish; Misra (2019), Mish.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array

LEAKY_SLOPE = 0.01
SELU_ALPHA, SELU_SCALE = 1.6732632423543772, 1.0507009873554805

Function = Callable[[Array], Array]


@dataclass(frozen=True)
class Activation:
    """A function of the pre-activation z, applied to each element, and its derivative; at a kink, from the left."""

    function: Function
    derivative: Function


def sigmoid(z: Array) -> Array:
    """1/(1 + e^-z), written so that no exponential overflows."""
    return np.asarray(0.5 * (1 + np.tanh(0.5 * z)))


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis, stable for large logits."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def _softplus(z: Array) -> Array:
    return np.asarray(np.logaddexp(0, z))


def _normal_cdf(z: Array) -> Array:
    return np.asarray(0.5 * (1 + np.vectorize(math.erf, otypes=[float])(z / math.sqrt(2))), z.dtype)


def _normal_density(z: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z**2) / math.sqrt(2 * math.pi))


def _exponential_unit(z: Array) -> Array:
    return np.where(z > 0, z, np.expm1(np.minimum(z, 0)))


def _exponential_slope(z: Array) -> Array:
    return np.where(z > 0, np.ones_like(z), np.exp(np.minimum(z, 0)))


def _selu(z: Array) -> Array:
    return np.asarray(SELU_SCALE * np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0))))


def _selu_slope(z: Array) -> Array:
    return np.asarray(SELU_SCALE * np.where(z > 0, np.ones_like(z), SELU_ALPHA * np.exp(np.minimum(z, 0))))


def _mish_slope(z: Array) -> Array:
    t = np.tanh(_softplus(z))
    return np.asarray(t + z * (1 - t**2) * sigmoid(z))


ACTIVATIONS: dict[str, Activation] = {
    "linear": Activation(lambda z: z, np.ones_like),
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: (z > 0).astype(z.dtype)),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, LEAKY_SLOPE * z), lambda z: np.where(z > 0, 1.0, LEAKY_SLOPE).astype(z.dtype)
    ),
    "tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": Activation(sigmoid, lambda z: sigmoid(z) * (1 - sigmoid(z))),
    "elu": Activation(_exponential_unit, _exponential_slope),
    "selu": Activation(_selu, _selu_slope),
    "gelu": Activation(lambda z: z * _normal_cdf(z), lambda z: _normal_cdf(z) + z * _normal_density(z)),
    "swish": Activation(lambda z: z * sigmoid(z), lambda z: sigmoid(z) * (1 + z * (1 - sigmoid(z)))),
    "mish": Activation(lambda z: z * np.tanh(_softplus(z)), _mish_slope),
}
