"""Small trainings by the judge, in NumPy: what right work gives on the very data that the student is given.

Reference: Kingma and Ba (2015), algorithm 1, for Adam.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from grader.check import Generator
from grader.losses import Loss
from grader.network import Layers, backpropagate, logits
from grader.wire import Array

Step = Callable[[list[Array]], list[Array]]


@dataclass
class Adam:
    """Steps for gradients, with Keras' constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-7 beside the root."""

    rate: float
    first: list[Array] = field(default_factory=list)
    second: list[Array] = field(default_factory=list)
    time: int = 0

    def __call__(self, gradients: list[Array]) -> list[Array]:
        """What to add to each array."""
        if not self.time:
            self.first, self.second = ([np.zeros_like(g) for g in gradients] for _ in range(2))
        self.time += 1
        scale = np.float32(self.rate * np.sqrt(1 - 0.999**self.time) / (1 - 0.9**self.time))
        for m, v, g in zip(self.first, self.second, gradients, strict=True):
            m += np.float32(0.1) * (g - m)
            v += np.float32(0.001) * (g * g - v)
        return [-scale * m / (np.sqrt(v) + np.float32(1e-7)) for m, v in zip(self.first, self.second, strict=True)]


@dataclass
class Descent:
    """Plain stochastic gradient descent."""

    rate: float

    def __call__(self, gradients: list[Array]) -> list[Array]:
        """What to add to each array."""
        return [-np.float32(self.rate) * gradient for gradient in gradients]


@dataclass(frozen=True)
class Data:
    """Inputs and targets ``(n, k)`` to train on, and those to measure on."""

    x: Array
    y: Array
    x_val: Array
    y_val: Array


History = dict[str, list[float]]


def train(
    layers: Layers,
    data: Data,
    loss: Loss,
    step: Step,
    *,
    batch_size: int,
    epochs: int,
    rng: Generator,
    activation: str = "relu",
) -> History:
    """The history of a training from ``layers``, which stay as they are; a new order of the rows in every epoch."""
    weights = [array.astype(np.float32) for layer in layers for array in layer]
    history: History = {key: [] for key in ("loss", "val_loss", "val_accuracy")}
    for _ in range(epochs):
        seen, order = 0.0, rng.permutation(len(data.x))
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            seen += len(rows) * _step(weights, data.x[rows], data.y[rows], loss, step, activation)
        z = logits(_layers(weights), data.x_val, activation)
        history["loss"].append(seen / len(order))
        history["val_loss"].append(loss.value(z, data.y_val))
        history["val_accuracy"].append(loss.accuracy(z, data.y_val))
    return history


def _layers(weights: list[Array]) -> Layers:
    return list(zip(weights[::2], weights[1::2], strict=True))


def _step(weights: list[Array], x: Array, y: Array, loss: Loss, step: Step, activation: str) -> float:
    """Change the weights in place; returns the batch's loss before that."""
    z, found = backpropagate(_layers(weights), x, lambda z: loss.slope(z, y), activation)
    for weight, change in zip(weights, step([array for layer in found for array in layer]), strict=True):
        weight += change
    return loss.value(z, y)
