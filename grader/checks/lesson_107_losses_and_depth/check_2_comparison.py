"""Exercise 2: the same network trained with two losses, on data whose difficulty nobody knows without looking at them.

The student's function is called twice, with labels that are nearly all right and with labels that are nearly all drawn
at random, in an order drawn too. The judge trains the same networks on the same data, from weights of its own, and
holds the histories to what comes of that. Histories written down beforehand fit one of the two at most.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_images
from grader.language.messages import T, Text
from grader.mathematics import losses
from grader.mathematics.network import Layers
from grader.mathematics.training import Adam, Data, Epoch, Recipe, train
from grader.randomness import Generator
from grader.wire.values import Images

NAMES = ("mse", "cross_entropy")
LOSSES = {"mse": losses.MSE, "cross_entropy": losses.CROSS_ENTROPY}
HIDDEN, CLASSES, RATE, BATCH_SIZE = 256, 10, 1e-3, 64
TRAINING, VALIDATION, EPOCHS = 1500, 400, 3
NOISE = ((0.0, 0.1), (0.9, 1.0))
DRAWS = 2
# With clean and with random labels: how far ln(val_loss) at the end may lie from that of the judge's draws, and how far
# the accuracy with cross-entropy may. Over six standard deviations of right work: docs/calibration-107.md.
TOLERANCES = {"mse": (1.0, 0.27), "cross_entropy": (0.9, 0.52)}
ACCURACY_TOLERANCES = (0.32, 0.14)
SMALLEST_GAP = 0.1  # between the accuracies with right and with random labels


@dataclass(frozen=True)
class LossComparison:
    """What compare_losses returned for one set of images, and those images."""

    received: Any
    arrays: list[Array]
    is_noisy: bool

    def history(self, name: str) -> dict[str, list[float]]:
        """One loss's history, once it has its form."""
        found = expect.mapping(self.received, NAMES, "compare_losses")
        return curves.expect_history(found[name], EPOCHS, _what(name))


def _what(name: str) -> str:
    return f'compare_losses(…)["{name}"]'


def new_layers(rng: Generator, inputs: int) -> Layers:
    """One hidden layer and the output, both kernels N(0, 1)."""
    sizes = ((inputs, HIDDEN), (HIDDEN, CLASSES))
    return [(rng.standard_normal(size, np.float32), np.zeros(size[1], np.float32)) for size in sizes]


def train_once(name: str, arrays: list[Array], rng: Generator) -> list[Epoch]:
    """One training with this loss, as the exercise asks for it."""
    data, recipe = Data(*arrays), Recipe(Adam(RATE), LOSSES[name], "sigmoid", BATCH_SIZE)
    return list(train(new_layers(rng, data.x.shape[1]), data, recipe, EPOCHS, rng))


def expected(name: str, arrays: list[Array], rng: Generator) -> dict[str, list[float]]:
    """The geometric mean of the judge's losses, and the mean of its accuracies, epoch by epoch."""
    trainings = [train_once(name, arrays, rng) for _ in range(DRAWS)]
    loss = np.exp(np.mean([[math.log(epoch.val_loss) for epoch in each] for each in trainings], axis=0))
    accuracy = np.mean([[epoch.val_accuracy for epoch in each] for each in trainings], axis=0)
    return {"val_loss": loss.tolist(), "val_accuracy": accuracy.tolist()}


def _comparisons(student: Student) -> list[LossComparison]:
    def compute(rng: Generator) -> list[LossComparison]:
        seed = int(rng.integers(2**31))
        found = []
        for is_noisy in rng.permutation([False, True]).tolist():
            arrays = draw_images(rng, TRAINING, VALIDATION, float(rng.uniform(*NOISE[is_noisy])))
            received = student.call("compare_losses", Images(arrays), seed, EPOCHS, cpu_seconds=120)
            found.append(LossComparison(received, arrays, is_noisy))
        return found

    return student.once("compare_losses", compute)


@check(exercise="2", points=2)
def check_loss_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_losses returns one history for each loss, with one value per epoch, measured on data.x_val."""
    for comparison in _comparisons(student):
        for name in NAMES:
            curves.expect_shares(comparison.history(name), VALIDATION, _what(name))


def _hint(name: str, ratio: float) -> Text:
    if name == "mse" and 4 < ratio < 30:
        return T(" It is {classes} times too large: the mean is over the {classes} outputs too.", classes=CLASSES)
    if name == "mse" and ratio >= 30:
        return T(" Compare the outputs with one_hot(y, {classes}) and not with the labels' numbers.", classes=CLASSES)
    if ratio < 1:
        return T(" From N(0, 1) weights it cannot come down so far: both kernels use RandomNormal(stddev=1.0).")
    return T(
        " Adam({rate}), batches of {batch_size}, all the epochs, and softmax outputs.", rate=RATE, batch_size=BATCH_SIZE
    )


@check(exercise="2", points=4)
def check_losses_learn(student: Student, rng: Generator) -> None:
    """compare_losses trains with both losses, from N(0, 1) weights, as far as the data it is given allow."""
    comparisons = _comparisons(student)
    for comparison in comparisons:
        for name in NAMES:
            _expect_training(comparison, name, rng)
    clean, noisy = (each.history("cross_entropy")["val_accuracy"][-1] for each in sorted(comparisons, key=_is_noisy))
    if clean - noisy < SMALLEST_GAP:
        raise Mismatch(
            T(
                "`compare_losses`: val_accuracy with cross-entropy is {clean} where the labels are right and {noisy} "
                "where they are random. Train and measure on the data that are given.",
                clean=f"{clean:.2f}",
                noisy=f"{noisy:.2f}",
            )
        )


def _is_noisy(comparison: LossComparison) -> bool:
    return comparison.is_noisy


def _expect_training(comparison: LossComparison, name: str, rng: Generator) -> None:
    history = comparison.history(name)  # first: for what has no form nothing is trained
    wanted = expected(name, comparison.arrays, rng)
    ratio = history["val_loss"][-1] / wanted["val_loss"][-1]
    if not (ratio > 0 and abs(math.log(ratio)) <= TOLERANCES[name][comparison.is_noisy]):
        raise Mismatch(
            T(
                "`{what}`: val_loss should end near {expected} with these data; it ends at {received}.{hint}",
                what=_what(name),
                expected=f"{wanted['val_loss'][-1]:.3g}",
                received=f"{history['val_loss'][-1]:.3g}",
                hint=_hint(name, ratio),
            )
        )
    accuracy, reached = history["val_accuracy"][-1], wanted["val_accuracy"][-1]
    if name == "cross_entropy" and abs(accuracy - reached) > ACCURACY_TOLERANCES[comparison.is_noisy]:
        raise Mismatch(
            T(
                "`{what}`: val_accuracy should end near {expected} with these data; it ends at {received}.",
                what=_what(name),
                expected=f"{reached:.2f}",
                received=f"{accuracy:.2f}",
            )
        )
