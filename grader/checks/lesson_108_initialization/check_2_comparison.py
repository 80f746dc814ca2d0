"""Exercise 2: three initializers compared, on data whose difficulty nobody knows without looking at them.

The student's function is called twice: once with labels that are nearly all right and once with labels that are nearly
all drawn at random, in an order drawn too. Histories written down beforehand cannot fit both.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from grader.checks.lesson_108_initialization.compared import BATCH_SIZE, CLASSES, RATE, STDDEV, UNITS
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check, resting_on
from grader.judge.images import draw_images
from grader.language.messages import T
from grader.randomness import Generator
from grader.wire.values import Images

NAMES = ("glorot_uniform", "he_normal", "random_normal")
LEARNING = NAMES[:2]
TRAINING, VALIDATION, EPOCHS = 1500, 400, 2
NOISE = ((0.0, 0.2), (0.9, 1.0))
# Last validation accuracy as a share of what the labels' noise leaves, and its error: docs/calibration-108.md.
LEARNED = {"glorot_uniform": (0.33, 0.78), "he_normal": (0.53, 0.79)}
SAMPLING_ERROR = 0.12
LN_10 = math.log(CLASSES)
LN_10_TOLERANCE = 0.02


@dataclass(frozen=True)
class InitializerComparison:
    """What compare_initializers returned for one set of images, and the share of their labels that is noise."""

    received: Any
    noise: float

    def history(self, name: str) -> dict[str, list[float]]:
        """One initializer's history, once it has its form."""
        found = expect.mapping(self.received, NAMES, "compare_initializers")
        return curves.expect_history(found[name], EPOCHS, _what(name))

    def bounds(self, name: str) -> tuple[float, float]:
        """Between which values the last validation accuracy should lie."""
        low, high = (share * (1 - self.noise) + self.noise / CLASSES for share in LEARNED[name])
        return max(low - SAMPLING_ERROR, 0), min(high + SAMPLING_ERROR, 1)


def _what(name: str) -> str:
    return f'compare_initializers(…)["{name}"]'


def _comparisons(student: Student) -> list[InitializerComparison]:
    """The student's comparison of nearly clean and of nearly random labels, in an order drawn for this run."""

    def compute(rng: Generator) -> list[InitializerComparison]:
        seed = int(rng.integers(2**31))
        noises = [float(rng.uniform(*NOISE[index])) for index in rng.permutation(len(NOISE))]
        return [InitializerComparison(_compare(student, rng, noise, seed), noise) for noise in noises]

    return student.once("compare_initializers", compute)


def _compare(student: Student, rng: Generator, noise: float, seed: int) -> Any:
    images = Images(draw_images(rng, TRAINING, VALIDATION, noise))
    return student.call("compare_initializers", images, seed, EPOCHS, cpu_seconds=180)


def _expect_learning(student: Student) -> None:
    """Glorot and He end where trainings on the two sets of images end. What was not trained does not know where."""
    for comparison in _comparisons(student):
        for name in LEARNING:
            accuracy, (low, high) = comparison.history(name)["val_accuracy"][-1], comparison.bounds(name)
            if not low <= accuracy <= high:
                raise Mismatch(
                    T(
                        "`{what}`: val_accuracy ends at {received}; with these data it should end between {low} and "
                        "{high}. Batch {batch_size}, SGD({rate}), units {units}, and data.x_val for validation.",
                        what=_what(name),
                        batch_size=BATCH_SIZE,
                        rate=RATE,
                        units=list(UNITS),
                        received=f"{accuracy:.2f}",
                        low=f"{low:.2f}",
                        high=f"{high:.2f}",
                    )
                )


@check(exercise="2", points=1)
def check_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers returns one history for each initializer, with one value per epoch."""
    for comparison in _comparisons(student):
        for name in NAMES:
            curves.expect_shares(comparison.history(name), VALIDATION, _what(name))
    resting_on(student, _expect_learning)


@check(exercise="2", points=2)
def check_random_normal_stalls(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers shows that RandomNormal(0.01) stays at ln 10 under SGD."""
    for comparison in _comparisons(student):
        for loss in comparison.history("random_normal")["val_loss"]:
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
    resting_on(student, _expect_learning)


@check(exercise="2", points=2)
def check_glorot_and_he_learn(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_initializers trains Glorot and He as far as the data it is given allow."""
    _expect_learning(student)
