"""Exercise 2: the same network trained with two losses, from weights that the exercise's seed decides.

The student's function is called twice, in an order that is drawn: with fewer images than fill a batch, and with copies
of one image. So no order of the batches matters, and each history is held to the judge's training from those weights.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.unordered import copies
from grader.judge import curves, expect
from grader.judge.check import Student, check
from grader.judge.images import draw_images
from grader.judge.kernels import expect_law
from grader.judge.replays import Mistake, Replay, expect_replay, explained, usual_mistakes
from grader.language.messages import T, Text
from grader.mathematics import losses, network
from grader.mathematics.activations import softmax
from grader.mathematics.initializers import random_normal
from grader.mathematics.losses import Loss
from grader.mathematics.training import Adam, Data, Recipe
from grader.randomness import Generator
from grader.wire.values import Images

NAMES = ("mse", "cross_entropy")
LOSSES = {"mse": losses.MSE, "cross_entropy": losses.CROSS_ENTROPY}
INPUTS, HIDDEN, CLASSES, STDDEV, RATE, BATCH_SIZE = 784, 256, 10, 1.0, 1e-3, 64
SIZES = [INPUTS, HIDDEN, CLASSES]
FEW, MANY = (40, BATCH_SIZE + 1), (2 * BATCH_SIZE + 1, 3 * BATCH_SIZE)
VALIDATION, EPOCHS = 150, 3


@dataclass(frozen=True)
class LossComparison:
    """What compare_losses returned for some images and a seed."""

    received: Any
    arrays: list[Array]
    seed: int

    def history(self, name: str) -> dict[str, list[float]]:
        """One loss's history, once it has its form."""
        found = expect.mapping(self.received, NAMES, "compare_losses")
        return curves.expect_history(found[name], EPOCHS, _what(name))

    def replay(self, name: str, layers: network.Layers) -> Replay:
        """The judge's training with this loss."""
        return Replay(layers, Data(*self.arrays), Recipe(Adam(RATE), LOSSES[name], "sigmoid", BATCH_SIZE), self.seed)


def _what(name: str) -> str:
    return f'compare_losses(…)["{name}"]'


def _draw_images(rng: Generator) -> list[list[Array]]:
    """One batch of images, and copies of one; each has a ten-class label, for who counts the classes."""
    few = draw_images(rng, int(rng.integers(*FEW)), VALIDATION, noise=float(rng.uniform()))
    for labels in (few[1], few[3]):
        labels[0] = CLASSES - 1
    return [few, copies(few, 0, int(rng.integers(*MANY)))]


def _comparisons(student: Student) -> list[LossComparison]:
    def compute(rng: Generator) -> list[LossComparison]:
        found, questions = [], _draw_images(rng)
        for index in rng.permutation(len(questions)).tolist():
            seed = int(rng.integers(2**31))
            asked = Images(questions[index]), seed, EPOCHS
            received = student.call("compare_losses", *asked, cpu_seconds=120, eager=True)
            found.append(LossComparison(received, questions[index], seed))
        return found

    return student.once("compare_losses", compute)


@check(exercise="2", points=2)
def check_loss_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_losses returns one history for each loss, with one value per epoch, measured on data.x_val."""
    for comparison in _comparisons(student):
        for name in NAMES:
            curves.expect_shares(comparison.history(name), VALIDATION, _what(name))


@check(exercise="2", points=4)
def check_losses_learn(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_losses trains with both losses, from the N(0, 1) weights of its seed, on the data it is given."""
    for comparison in _comparisons(student):
        histories = {name: comparison.history(name) for name in NAMES}
        layers = _start(student, comparison.seed)
        for name in NAMES:
            _expect_training(student, comparison, name, histories[name], layers)


def _start(student: Student, seed: int, is_shared: bool = False) -> network.Layers:
    """The weights that RandomNormal draws right after the seed, of one initializer for each layer or for both."""
    what = "RandomNormal(stddev=1.0)"
    told = student.tool("normal_weights", seed, SIZES, STDDEV, is_shared)
    layers = network.pairs(expect.weights(told, SIZES, what))
    for kernel, _ in layers:
        expect_law(kernel, random_normal(STDDEV), Text(what), comparisons=2 * len(layers))
    return layers


def _expect_training(
    student: Student, comparison: LossComparison, name: str, history: dict[str, list[float]], layers: network.Layers
) -> None:
    replay = comparison.replay(name, layers)

    def hint(received: list[float]) -> Text:
        shared = replace(replay, layers=_start(student, comparison.seed, is_shared=True))
        return explained(received[0], _mistakes(replay, shared), _otherwise(replay, received[0]))

    expect_replay(history, replay, _what(name), EPOCHS, hint)


def _otherwise(replay: Replay, received: float) -> Text:
    if received < next(replay.epochs(1)).val_loss / 2 and replay.recipe.loss is losses.CROSS_ENTROPY:
        return T(" From N(0, 1) weights it cannot come down so far: both kernels use RandomNormal(stddev=1.0).")
    return T(
        " Call keras.utils.set_random_seed(seed) right before building each network, with a new "
        "RandomNormal(stddev=1.0) for each layer, and train with Adam({rate}) and batches of {batch_size}.",
        rate=RATE,
        batch_size=BATCH_SIZE,
    )


def _mistakes(replay: Replay, shared: Replay) -> Iterator[Mistake]:
    """Trainings that are taken for this one."""
    yield shared, T(" Both layers share one RandomNormal: make a new one for each layer.")
    if replay.recipe.loss is losses.MSE:
        text = T(" It is {classes} times too large: the mean is over the {classes} outputs too.", classes=CLASSES)
        yield _with_loss(replay, _SUMMED), text
        text = T(" Compare the outputs with one_hot(y, {classes}) and not with the labels' numbers.", classes=CLASSES)
        yield _with_loss(replay, _OF_NUMBERS), text
    for rate in (1e-2, 3e-3, 1e-4):
        recipe = replace(replay.recipe, optimizer=Adam(rate))
        yield replace(replay, recipe=recipe), T(" Your value is that of Adam({rate}).", rate=rate)
    yield from usual_mistakes(replay, rates=(1e-3, 1e-2), seeds=())


def _with_loss(replay: Replay, loss: Loss) -> Replay:
    return replace(replay, recipe=replace(replay.recipe, loss=loss))


def _value_on_numbers(z: Array, labels: Array) -> float:
    return losses.mse(labels[:, None], softmax(z))


def _slope_on_numbers(z: Array, labels: Array) -> Array:
    p = softmax(z)
    outer = 2 * (p - labels[:, None].astype(p.dtype)) / p.dtype.type(p.size)
    return np.asarray(p * (outer - (p * outer).sum(axis=-1, keepdims=True)))


_SUMMED = replace(
    losses.MSE,
    value=lambda z, y: CLASSES * losses.MSE.value(z, y),
    slope=lambda z, y: np.float32(CLASSES) * losses.MSE.slope(z, y),
)
_OF_NUMBERS = replace(losses.MSE, value=_value_on_numbers, slope=_slope_on_numbers)
