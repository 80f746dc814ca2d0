"""An MLP in NumPy: the judge's own forward pass and its own training step, to hold claims against.

A network is a list of layers, each a kernel ``(fan_in, fan_out)`` and a bias ``(fan_out,)``; the last one is a softmax.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise

import numpy as np

from grader.activations import ACTIVATIONS
from grader.check import Generator
from grader.initializers import draw
from grader.wire import Array

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


def softmax(logits: Array) -> Array:
    """Probabilities along the last axis, stable for large logits."""
    exponentials = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(exponentials / exponentials.sum(axis=-1, keepdims=True))


def evaluate(layers: Layers, x: Array, y: Array) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy, as Keras computes them."""
    probabilities = predict(layers, x)
    right = probabilities[np.arange(len(y)), y]
    loss = -np.log(np.clip(right, 1e-7, 1)).mean()
    return float(loss), float((probabilities.argmax(axis=1) == y).mean())


def epoch_batches(n: int, batch_size: int, seed: int) -> Iterator[Array]:
    """The rows of each batch of the first epoch, as ``kit.epoch_batches`` orders them."""
    order = np.random.default_rng(seed).permutation(n)
    for start in range(0, n, batch_size):
        yield order[start : start + batch_size]


def train_epoch(layers: Layers, x: Array, y: Array, batch_size: int, learning_rate: float, seed: int) -> Layers:
    """The network after one epoch of plain SGD on the mean cross-entropy of each batch (ReLU, softmax), float32."""
    trained = [(kernel.astype(np.float32), bias.astype(np.float32)) for kernel, bias in layers]
    for rows in epoch_batches(len(x), batch_size, seed):
        _step(trained, x[rows], y[rows], np.float32(learning_rate))
    return trained


def gradients(layers: Layers, x: Array, y: Array, activation: str = "relu") -> Layers:
    """The gradient of the batch's mean cross-entropy for each kernel and bias, by backpropagation.

    Args:
        layers: the network; its last layer is a softmax.
        x: a batch ``(n, inputs)``.
        y: its labels ``(n,)``.
        activation: of the hidden layers.

    """

    def slope(z: Array) -> Array:
        delta = softmax(z)
        delta[np.arange(len(y)), y] -= 1
        return np.asarray(delta / delta.dtype.type(len(y)))

    return backpropagate(layers, x, slope, activation)[1]


def backpropagate(
    layers: Layers, x: Array, slope: Callable[[Array], Array], activation: str = "relu"
) -> tuple[Array, Layers]:
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


def _step(layers: Layers, x: Array, y: Array, learning_rate: np.float32) -> None:
    steps = gradients(layers, x, y)
    layers[:] = [
        (kernel - learning_rate * dk, bias - learning_rate * db)
        for (kernel, bias), (dk, db) in zip(layers, steps, strict=True)
    ]
