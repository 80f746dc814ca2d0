"""Training again what a student says to have trained: plain SGD in the order of the kit's batches, any activation.

From the same weights and the same batches, NumPy and Keras come to the same losses up to float32 rounding, so a history
can be held to its training and not only to what trainings of its kind reach.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader import network
from grader.network import Layers
from grader.wire import Array


@dataclass(frozen=True)
class Recipe:
    """How a network is trained. The defaults are those of lesson 109, but for what its functions take as arguments."""

    activation: str
    learning_rate: float
    seed: int
    batch_size: int = 32
    momentum: float = 0.0


@dataclass(frozen=True)
class Epoch:
    """A network after an epoch, with its loss and accuracy on the validation set."""

    layers: Layers
    val_loss: float
    val_accuracy: float


def train(layers: Layers, data: list[Array], recipe: Recipe, epochs: int) -> list[Epoch]:
    """Each epoch of a training.

    Args:
        layers: the network before training; its last layer is a softmax.
        data: x_train ``(n, inputs)``, y_train ``(n,)``, x_val, y_val.
        recipe: activation of the hidden layers, optimizer, and seed of the batches.
        epochs: passes over the training set.

    """
    x, y, x_val, y_val = data
    layers = [(kernel.astype(np.float32), bias.astype(np.float32)) for kernel, bias in layers]
    velocity = [(np.zeros_like(kernel), np.zeros_like(bias)) for kernel, bias in layers]
    rng, done = np.random.default_rng(recipe.seed), []
    for _ in range(epochs):
        order = rng.permutation(len(x))  # as kit.epoch_batches: one permutation after the other from one generator
        for start in range(0, len(x), recipe.batch_size):
            rows = order[start : start + recipe.batch_size]
            layers, velocity = _step(layers, velocity, x[rows], y[rows], recipe)
        done.append(Epoch(layers, *evaluate(layers, x_val, y_val, recipe.activation)))
    return done


def evaluate(layers: Layers, x: Array, y: Array, activation: str) -> tuple[float, float]:
    """Mean cross-entropy in nats and accuracy, as Keras computes them."""
    probabilities = network.predict(layers, x, activation)
    right = np.clip(probabilities[np.arange(len(y)), y], 1e-7, 1)
    return float(-np.log(right).mean()), float((probabilities.argmax(axis=1) == y).mean())


def _step(layers: Layers, velocity: Layers, x: Array, y: Array, recipe: Recipe) -> tuple[Layers, Layers]:
    """Layers and velocity after one batch: v ← μ v − η g, w ← w + v."""
    rate, momentum = np.float32(recipe.learning_rate), np.float32(recipe.momentum)
    steps = network.gradients(layers, x, y, recipe.activation)
    moved = [
        (momentum * vk - rate * gk, momentum * vb - rate * gb)
        for (vk, vb), (gk, gb) in zip(velocity, steps, strict=True)
    ]
    return [(k + vk, b + vb) for (k, b), (vk, vb) in zip(layers, moved, strict=True)], moved
