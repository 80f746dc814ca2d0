"""Real images for small trainings, drawn anew for each run."""

from __future__ import annotations

from functools import cache

import numpy as np

from data.fashion_mnist import DataError, load_split
from grader.check import Generator, GraderFault
from grader.messages import T
from grader.wire import Array

VALIDATION = 5000


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


@cache
def validation_images() -> tuple[Array, Array]:
    """The homework's validation set: the last 5,000 training images, float32 in [0, 1], and their labels."""
    images, labels = training_set()
    return scaled(images[-VALIDATION:]), labels[-VALIDATION:].astype(np.int64)


@cache
def training_images() -> tuple[Array, Array]:
    """The homework's training set: all training images before the validation set."""
    images, labels = training_set()
    return scaled(images[:-VALIDATION]), labels[:-VALIDATION].astype(np.int64)


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
