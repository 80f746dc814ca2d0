"""Exercise 2: three initializers compared, in trainings that the judge does again from the student's weights.

A few steps on images drawn for this run are enough: a history of the right training agrees with the judge's, and no
other does. One class is more frequent than the others, so that not even a network that stalls stays exactly at ln 10.
"""

from __future__ import annotations

import math
from typing import Any

from grader.checks.lesson_108_initialization.compared import CLASSES, RATE, STDDEV, Comparison
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check, resting_on
from grader.judge.images import draw_uneven_images
from grader.language.messages import T
from grader.mathematics.training import Data
from grader.randomness import Generator
from grader.wire.values import Images

NAMES = ("glorot_uniform", "he_normal", "random_normal")
LEARNING = NAMES[:2]
FREQUENT = 0.3  # share of the most frequent class
LN_10 = math.log(CLASSES)
LN_10_TOLERANCE = 0.02


def _compared(student: Student) -> tuple[Comparison, Any]:
    """What was asked of compare_initializers, and what it returned."""

    def compute(rng: Generator) -> tuple[Comparison, Any]:
        n_train, n_val = 64 + int(rng.integers(6, 30)), int(rng.integers(50, 70))
        images = draw_uneven_images(rng, n_train, n_val, int(rng.integers(CLASSES)), FREQUENT)
        comparison = Comparison(Data(*images), "relu", int(rng.integers(2**31)), int(rng.integers(2, 4)))
        arguments = Images(images), comparison.seed, comparison.epochs
        return comparison, student.call("compare_initializers", *arguments, cpu_seconds=180, eager=True)

    return student.once("compare_initializers", compute)


def _history(student: Student, name: str) -> dict[str, list[float]]:
    """One initializer's history, once it has its form."""
    comparison, received = _compared(student)
    found = expect.mapping(received, NAMES, "compare_initializers")
    return curves.expect_history(found[name], comparison.epochs, _what(name))


def _what(name: str) -> str:
    return f'compare_initializers(…)["{name}"]'


def _expect_drawn(student: Student) -> None:
    """What is compared are the initializers."""
    comparison, _ = _compared(student)
    for name in NAMES:
        comparison.expect_drawn(student, name)


def _expect_learning(student: Student) -> None:
    """Glorot's and He's histories are those of their trainings."""
    comparison, _ = _compared(student)
    for name in LEARNING:
        comparison.expect_trained(student, name, _history(student, name), _what(name))


@check(exercise="2", points=1)
def check_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers returns one history for each initializer, with one value per epoch."""
    comparison, _ = _compared(student)
    for name in NAMES:
        curves.expect_shares(_history(student, name), len(comparison.data.x_val), _what(name))
    resting_on(student, _expect_learning)


@check(exercise="2", points=2)
def check_random_normal_stalls(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers shows that RandomNormal(0.01) stays at ln 10 under SGD."""
    comparison, _ = _compared(student)
    history = _history(student, "random_normal")
    for loss in history["val_loss"]:
        if abs(loss - LN_10) > LN_10_TOLERANCE:
            raise Mismatch(
                T(
                    "`{what}`: val_loss should stay near ln {classes} = {expected}; received {received}. Use "
                    "RandomNormal(stddev={stddev}) and plain SGD({rate}).",
                    what=_what("random_normal"),
                    classes=CLASSES,
                    stddev=STDDEV,
                    rate=RATE,
                    expected=f"{LN_10:.3f}",
                    received=f"{loss:.3f}",
                )
            )
    resting_on(student, _expect_drawn, _expect_learning)
    comparison.expect_trained(student, "random_normal", history, _what("random_normal"))


@check(exercise="2", points=2)
def check_glorot_and_he_learn(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers trains Glorot and He from the seed's weights, with SGD(0.01) in batches of 32."""
    _expect_learning(student)
    resting_on(student, _expect_drawn)
