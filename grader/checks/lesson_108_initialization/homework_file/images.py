"""The images on which the homework was trained and is validated."""

from __future__ import annotations

from functools import cache

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.judge.images import scaled, training_set

VALIDATION = PROTOCOL.validation_size


@cache
def validation_images() -> tuple[Array, Array]:
    """The homework's validation set: the last of the training images, float32 in [0, 1], and their labels."""
    images, labels = training_set()
    return scaled(images[-VALIDATION:]), labels[-VALIDATION:].astype(np.int64)


@cache
def training_images() -> tuple[Array, Array]:
    """The homework's training set: all training images before the validation set."""
    images, labels = training_set()
    return scaled(images[:-VALIDATION]), labels[:-VALIDATION].astype(np.int64)
