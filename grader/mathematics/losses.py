"""The lessons' losses in NumPy, from the last layer's pre-activations z, with their gradients for z.

Every loss is a mean over the batch, as Keras reports it. The gradient of cross-entropy is (p − y)/n for a softmax and
for a sigmoid alike; that of the mean squared error passes through the softmax's Jacobian diag(p) − pp^T.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.mathematics.activations import sigmoid, softmax


@dataclass(frozen=True)
class Loss:
    """A loss of logits ``(n, k)`` and targets, its gradient for the logits, and the accuracy.

    Targets are the labels ``(n,)`` of k classes, or for ``BINARY_CROSS_ENTROPY`` zeros and ones ``(n, k)``.
    """

    value: Callable[[Array, Array], float]
    slope: Callable[[Array, Array], Array]
    accuracy: Callable[[Array, Array], float]


def one_hot(labels: Array, classes: int) -> Array:
    """Rows with a 1 in the column of the label, float32 ``(n, classes)``."""
    return np.eye(classes, dtype=np.float32)[labels]


def mse(y_true: Array, y_pred: Array) -> float:
    """The mean of the squared differences over all n·k numbers."""
    return float(np.mean((y_true - y_pred) ** 2))


def log_softmax(logits: Array) -> Array:
    """Logarithms of the softmax's probabilities, finite for logits of any size."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


def cross_entropy(logits: Array, labels: Array) -> float:
    """Mean of −ln p of the right class, in nats."""
    return float(-log_softmax(logits)[np.arange(len(labels)), labels].mean())


def _softmax_mse(logits: Array, labels: Array) -> float:
    return mse(one_hot(labels, logits.shape[-1]), softmax(logits))


def _softmax_mse_slope(logits: Array, labels: Array) -> Array:
    p = softmax(logits)
    outer = 2 * (p - one_hot(labels, p.shape[-1])) / p.dtype.type(p.size)
    return np.asarray(p * (outer - (p * outer).sum(axis=-1, keepdims=True)))


def _softmax_slope(logits: Array, labels: Array) -> Array:
    p = softmax(logits)
    p[np.arange(len(labels)), labels] -= 1
    return np.asarray(p / p.dtype.type(len(p)))


def _sigmoid_cross_entropy(logits: Array, targets: Array) -> float:
    return float(np.mean(np.logaddexp(0, logits) - targets * logits))


def _sigmoid_slope(logits: Array, targets: Array) -> Array:
    return np.asarray((sigmoid(logits) - targets) / logits.dtype.type(len(logits)))


def _share_of_classes(logits: Array, labels: Array) -> float:
    return float((logits.argmax(axis=-1) == labels).mean())


def _share_of_answers(logits: Array, targets: Array) -> float:
    return float(((logits > 0) == (targets > 0.5)).mean())


MSE = Loss(_softmax_mse, _softmax_mse_slope, _share_of_classes)
CROSS_ENTROPY = Loss(cross_entropy, _softmax_slope, _share_of_classes)
BINARY_CROSS_ENTROPY = Loss(_sigmoid_cross_entropy, _sigmoid_slope, _share_of_answers)
