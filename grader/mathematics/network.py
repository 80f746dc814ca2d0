"""An MLP in NumPy: the judge's own forward pass and its own gradients, to hold claims against.

A network is a list of layers, each a kernel ``(fan_in, fan_out)`` and a bias ``(fan_out,)``; the last one is a softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

from grader.arrays import Array
from grader.mathematics.activations import ACTIVATIONS, softmax
from grader.mathematics.initializers import draw
from grader.mathematics.losses import CROSS_ENTROPY
from grader.randomness import Generator

Layers = list[tuple[Array, Array]]


def new_network(
    units: Sequence[int], initializer: str, inputs: int, rng: Generator, output: str = "glorot_uniform"
) -> Layers:
    """A network as ``build_mlp`` makes it: hidden kernels by ``initializer``, the last by ``output``, zero biases."""
    names = [initializer] * (len(units) - 1) + [output]
    shapes = pairwise([inputs, *units])
    return [
        (draw(name, *shape, rng), np.zeros(shape[1], np.float32)) for name, shape in zip(names, shapes, strict=True)
    ]


def pairs(weights: Sequence[Array]) -> Layers:
    """Keras' flat list of weights as layers."""
    return list(zip(weights[::2], weights[1::2], strict=True))


def hidden(layers: Layers, x: Array, activation: str) -> list[Array]:
    """The outputs of the hidden layers for a batch ``(n, inputs)``."""
    outputs = []
    for kernel, bias in layers[:-1]:
        x = ACTIVATIONS[activation].function(x @ kernel + bias)
        outputs.append(x)
    return outputs


def predict(layers: Layers, x: Array, activation: str = "relu") -> Array:
    """Class probabilities ``(n, classes)``."""
    return softmax(logits(layers, x, activation))


def logits(layers: Layers, x: Array, activation: str = "relu") -> Array:
    """The last layer's pre-activations ``(n, outputs)``."""
    kernel, bias = layers[-1]
    return np.asarray((hidden(layers, x, activation) or [x])[-1] @ kernel + bias)


def evaluate(layers: Layers, x: Array, y: Array, activation: str = "relu") -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy for the labels ``y``."""
    z = logits(layers, x, activation)
    return CROSS_ENTROPY.value(z, y), CROSS_ENTROPY.accuracy(z, y)


def gradients(layers: Layers, x: Array, y: Array, activation: str = "relu") -> Layers:
    """The gradient of the batch's mean cross-entropy for each kernel and bias, by backpropagation.

    Args:
        layers: the network; its last layer is a softmax.
        x: a batch ``(n, inputs)``.
        y: its labels ``(n,)``.
        activation: of the hidden layers.

    """
    return backpropagate(layers, x, lambda z: CROSS_ENTROPY.slope(z, y), activation)[1]


def backpropagate(layers: Layers, x: Array, slope: Callable[[Array], Array], activation: str) -> tuple[Array, Layers]:
    """The pre-activations of the last layer, and the gradient of a loss for each kernel and bias.

    Args:
        layers: the network, whatever its last layer makes of its pre-activations.
        x: a batch ``(n, inputs)``.
        slope: from the last layer's pre-activations ``(n, outputs)`` to the loss's gradient for them.
        activation: of the hidden layers.

    """
    found: Layers = []
    inputs, slopes = [x], []
    for kernel, bias in layers[:-1]:
        z = inputs[-1] @ kernel + bias
        inputs.append(ACTIVATIONS[activation].function(z))
        slopes.append(ACTIVATIONS[activation].derivative(z))
    kernel, bias = layers[-1]
    outputs = inputs[-1] @ kernel + bias
    delta = slope(outputs)
    for index in range(len(layers) - 1, -1, -1):
        found.append((inputs[index].T @ delta, delta.sum(axis=0)))
        if index:
            delta = (delta @ layers[index][0].T) * slopes[index - 1]
    return outputs, found[::-1]
