"""A ``kit.Dataset`` as a student returns it: four arrays, their form looked at before anything is concluded."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge import expect
from grader.judge.check import Mismatch, Student
from grader.language.messages import T

TRAINING, VALIDATION = 640, 160


def asked(student: Student, function: str, seed: int) -> list[Array]:
    """The data set that ``make_blobs`` or ``make_moons`` gives for a seed, once its form is right."""
    return data_set(student.call(function, seed), f"{function}({seed})")


def data_set(value: Any, what: str) -> list[Array]:
    """x_train ``(TRAINING, 2)``, y_train ``(TRAINING,)``; x_val and y_val with VALIDATION; float32 and int32."""
    found = expect.sequence(value, 4, what)
    names, rows = ("x_train", "y_train", "x_val", "y_val"), (TRAINING, TRAINING, VALIDATION, VALIDATION)
    arrays = []
    for name, n, each in zip(names, rows, found, strict=True):
        is_label = name.startswith("y")
        array = expect.array(each, (n,) if is_label else (n, 2), f"{what}.{name}")
        if is_label and not (np.asarray(each).dtype.kind in "iu" and set(np.unique(array)) <= {0, 1}):
            raise Mismatch(T("`{what}`: the labels should be integers, 0 or 1.", what=f"{what}.{name}"))
        arrays.append(array.astype(np.int32 if is_label else np.float32))
    return arrays


def whole(data: list[Array]) -> tuple[Array, Array]:
    """All points ``(n, 2)`` and all labels ``(n,)``."""
    return np.concatenate(data[::2]).astype(np.float64), np.concatenate(data[1::2])
