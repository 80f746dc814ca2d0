"""Real images for small trainings, drawn anew for each run."""

from __future__ import annotations

from functools import cache

import numpy as np

from data.fashion_mnist import DataError, load_split
from grader.arrays import Array
from grader.faults import GraderFault
from grader.language.messages import T
from grader.randomness import Generator


def draw_images(rng: Generator, n_train: int, n_val: int, noise: float = 0.0) -> list[Array]:
    """The arrays of a ``kit.Dataset`` from Fashion-MNIST's training set.

    A share ``noise`` of all labels is replaced by classes drawn at random, so that nobody can know the accuracy that
    training reaches without looking at the data.

    Returns:
        x_train ``(n_train, 784)``, y_train ``(n_train,)``, x_val, y_val; images float32 in [0, 1], labels int32.

    """
    images, labels = training_set()
    rows = rng.choice(len(images), n_train + n_val, replace=False)
    x, y = scaled(images[rows]), labels[rows].astype(np.int32)
    noisy = rng.random(len(y)) < noise
    y[noisy] = rng.integers(0, 10, int(noisy.sum()))
    return [x[:n_train], y[:n_train], x[n_train:], y[n_train:]]


def draw_uneven_images(rng: Generator, n_train: int, n_val: int, frequent: int, share: float) -> list[Array]:
    """The same arrays with labels as they are, the class ``frequent`` making up about ``share`` of them."""
    images, labels = training_set()
    chosen = rng.random(n_train + n_val) < share
    rows = np.empty(chosen.size, int)
    for side in (True, False):
        candidates = np.flatnonzero((labels == frequent) == side)
        rows[chosen == side] = rng.choice(candidates, int((chosen == side).sum()), replace=False)
    x, y = scaled(images[rows]), labels[rows].astype(np.int32)
    return [x[:n_train], y[:n_train], x[n_train:], y[n_train:]]


def scaled(images: Array) -> Array:
    """Grey levels as float32 in [0, 1]."""
    return images.astype(np.float32) / np.float32(255)


@cache
def training_set() -> tuple[Array, Array]:
    """Fashion-MNIST's training set. Raises GraderFault when its files are damaged: that is not the student's doing."""
    try:
        return load_split("train")
    except DataError as error:
        raise GraderFault(T("{problem}", problem=error)) from error
