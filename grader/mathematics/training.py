"""Small trainings by the judge, in NumPy: what right work gives on the very data and weights of the student.

From the same weights and the same batches, NumPy and Keras come to the same losses up to float32 rounding, so a history
can be held to its training and not only to what trainings of its kind reach.

Reference: Kingma and Ba (2015), algorithm 1, for Adam.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from grader.arrays import Array
from grader.mathematics.losses import CROSS_ENTROPY, Loss
from grader.mathematics.network import Layers, backpropagate, logits, pairs
from grader.randomness import Generator

Step = Callable[[list[Array]], list[Array]]


class Optimizer(Protocol):
    """How gradients become steps; what is remembered between steps starts anew with each training."""

    def start(self) -> Step:
        """A function from the gradients of all arrays to what to add to each."""


@dataclass(frozen=True)
class Descent:
    """Stochastic gradient descent, with heavy-ball momentum: v ← μ v − η g, w ← w + v."""

    rate: float
    momentum: float = 0.0

    def start(self) -> Step:
        """Velocities begin at zero."""
        rate, momentum = np.float32(self.rate), np.float32(self.momentum)
        velocity: list[Array] = []

        def step(gradients: list[Array]) -> list[Array]:
            if momentum and velocity:
                velocity[:] = [momentum * v - rate * g for v, g in zip(velocity, gradients, strict=True)]
            else:
                velocity[:] = [-rate * g for g in gradients]
            return velocity

        return step


@dataclass(frozen=True)
class Adam:
    """Adam with Keras' constants: β₁ = 0.9, β₂ = 0.999, ε = 1e-7 beside the root."""

    rate: float

    def start(self) -> Step:
        """Both moments begin at zero."""
        first: list[Array] = []
        second: list[Array] = []
        time = 0

        def step(gradients: list[Array]) -> list[Array]:
            nonlocal time
            if not time:
                first[:], second[:] = ([np.zeros_like(g) for g in gradients] for _ in range(2))
            time += 1
            scale = np.float32(self.rate * np.sqrt(1 - 0.999**time) / (1 - 0.9**time))
            for m, v, g in zip(first, second, gradients, strict=True):
                m += np.float32(0.1) * (g - m)
                v += np.float32(0.001) * (g * g - v)
            return [-scale * m / (np.sqrt(v) + np.float32(1e-7)) for m, v in zip(first, second, strict=True)]

        return step


@dataclass(frozen=True)
class Recipe:
    """How a network is trained; ``activation`` is that of its hidden layers."""

    optimizer: Optimizer
    loss: Loss = CROSS_ENTROPY
    activation: str = "relu"
    batch_size: int = 32


@dataclass(frozen=True)
class Data:
    """Inputs ``(n, inputs)`` and the loss's targets to train on, and those to measure on."""

    x: Array
    y: Array
    x_val: Array
    y_val: Array


@dataclass(frozen=True)
class Epoch:
    """A network after an epoch: the mean loss of the epoch's batches, and loss and accuracy on the validation set."""

    layers: Layers
    loss: float
    val_loss: float
    val_accuracy: float


def train(layers: Layers, data: Data, recipe: Recipe, epochs: int, rng: Generator) -> Iterator[Epoch]:
    """Each epoch of a training, as soon as it is done; ``layers`` stay as they are.

    The rows come in a new order of ``rng`` in every epoch: with ``numpy.random.default_rng(seed)`` it is the order of
    ``kit.epoch_batches``.
    """
    weights = [array.astype(np.float32) for layer in layers for array in layer]
    step, loss = recipe.optimizer.start(), recipe.loss
    for _ in range(epochs):
        seen, order = 0.0, rng.permutation(len(data.x))
        for start in range(0, len(order), recipe.batch_size):
            rows = order[start : start + recipe.batch_size]
            seen += len(rows) * _step(weights, data.x[rows], data.y[rows], recipe, step)
        done = pairs([array.copy() for array in weights])
        z = logits(done, data.x_val, recipe.activation)
        yield Epoch(done, seen / len(order), loss.value(z, data.y_val), loss.accuracy(z, data.y_val))


def _step(weights: list[Array], x: Array, y: Array, recipe: Recipe, step: Step) -> float:
    """Change the weights in place; returns the batch's loss before that."""
    z, found = backpropagate(pairs(weights), x, lambda z: recipe.loss.slope(z, y), recipe.activation)
    for weight, change in zip(weights, step([array for layer in found for array in layer]), strict=True):
        weight += change
    return recipe.loss.value(z, y)
