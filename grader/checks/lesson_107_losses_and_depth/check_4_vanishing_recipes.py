"""Exercise 4: three recipes against gradients that vanish with depth.

The accuracies are held to the judge's trainings from the weights that build_deep_mlp draws after the seed, on data for
which no order of the batches matters: a single batch in which one class is frequent, and copies of one image.

The deep sigmoid network gives all images one class; training changes which one, in a single step. So it is asked for
just before that step, where whoever trains faster is beyond it, and just after it, where whoever trains slower, or not
at all, is not there yet.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.check_4_vanishing import CLASSES, INPUTS, LAYERS, WIDTH
from grader.checks.lesson_107_losses_and_depth.unordered import (
    Ending,
    Mistake,
    copies,
    expect_endings,
    start,
    with_recipe,
)
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_images, draw_uneven_images
from grader.judge.replays import Replay
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.network import Layers
from grader.mathematics.training import Adam, Data, Descent, Recipe, train
from grader.randomness import Generator
from grader.wire.values import Images

RATE, BATCH_SIZE = 0.01, 32
RECIPES = {
    "sigmoid": ("sigmoid", "glorot_uniform"),
    "relu": ("relu", "glorot_uniform"),
    "relu_he": ("relu", "he_normal"),
}
SIZES = [INPUTS, *[WIDTH] * LAYERS, CLASSES]
VALIDATION = 500
SHARE = 0.5  # of one class among the images that are trained on
MOST_STEPS = 60  # until the sigmoids give another answer; about ten are enough
SHOWN = 20  # images by which their answer is known, for they hardly tell one from another


@dataclass(frozen=True)
class RecipeComparison:
    """What compare_depth_recipes returned for some images, a seed and a number of epochs."""

    received: Any
    arrays: list[Array]
    seed: int
    epochs: int

    def accuracies(self) -> dict[str, float]:
        """The three accuracies, once they have their form."""
        found = expect.mapping(self.received, tuple(RECIPES), "compare_depth_recipes")
        accuracies = {name: expect.number(found[name], _what(name)) for name in RECIPES}
        for name, accuracy in accuracies.items():
            if not (0 <= accuracy <= 1 and curves.is_share(accuracy, VALIDATION)):
                raise Mismatch(
                    T(
                        "`{what}`: {received} is not a share of the {count} images of data.x_val.",
                        what=_what(name),
                        received=expect.show(accuracy),
                        count=VALIDATION,
                    )
                )
        return accuracies

    def ending(self, student: Student, name: str) -> Ending:
        """The accuracy with this recipe, and the judge's training."""
        recipe = Recipe(Descent(RATE), activation=RECIPES[name][0], batch_size=BATCH_SIZE)
        replay = Replay(_start(student, name, self.seed), Data(*self.arrays), recipe, self.seed)
        return Ending(_what(name), self.accuracies()[name], replay, self.epochs)


def _what(name: str) -> str:
    return f'compare_depth_recipes(…)["{name}"]'


def _start(student: Student, name: str, seed: int) -> Layers:
    return start(student, "build_deep_mlp", seed, SIZES, *RECIPES[name])


def _images(rng: Generator, frequent: int) -> list[Array]:
    """A batch of which about half is of one class, and images of all classes to measure on."""
    x, y, _, _ = draw_uneven_images(rng, BATCH_SIZE, 1, frequent, SHARE)
    return [x, y, *draw_images(rng, 1, VALIDATION)[2:]]


def _sigmoid_steps(layers: Layers, arrays: list[Array]) -> int:
    """After how many steps, each on all of these images, the sigmoid network answers otherwise than from the start."""
    x, y, x_val, y_val = arrays
    data = Data(x, y, x_val[:SHOWN], y_val[:SHOWN])
    named = _answer(layers, data.x_val)
    epochs = train(layers, data, Recipe(Descent(RATE), activation="sigmoid"), MOST_STEPS, np.random.default_rng(0))
    changed = (step for step, epoch in enumerate(epochs, start=1) if _answer(epoch.layers, data.x_val) != named)
    return next(changed, MOST_STEPS)


def _answer(layers: Layers, x: Array) -> int:
    """The class that the sigmoid network gives to most images."""
    return int(np.bincount(network.logits(layers, x, "sigmoid").argmax(axis=1)).argmax())


def _asked(student: Student, rng: Generator, is_copied: bool) -> tuple[list[Array], int, int]:
    """Images, seed and epochs: of copies one step more than the sigmoids need to change, of a batch one less."""
    seed = int(rng.integers(2**31))
    layers = _start(student, "sigmoid", seed)
    named = _answer(layers, np.zeros((1, INPUTS), np.float32))
    frequent = int(rng.choice(np.flatnonzero(np.arange(CLASSES) != named)))
    arrays = _images(rng, frequent)
    if not is_copied:
        steps = _sigmoid_steps(layers, arrays)
        return (arrays, seed, steps - 1) if steps > 1 else _asked(student, rng, is_copied)
    row = int((arrays[1] == frequent).argmax())
    steps = _sigmoid_steps(layers, copies(arrays, row, 1))
    return copies(arrays, row, BATCH_SIZE * (steps - 1) + int(rng.integers(1, BATCH_SIZE))), seed, 1


def _comparisons(student: Student) -> list[RecipeComparison]:
    """What is returned for one batch of images, and for copies of an image."""

    def compute(rng: Generator) -> list[RecipeComparison]:
        student.require("compare_depth_recipes")
        found = []
        for is_copied in rng.permutation([False, True]).tolist():
            arrays, seed, epochs = _asked(student, rng, is_copied)
            asked = Images(arrays), seed, epochs
            received = student.call("compare_depth_recipes", *asked, cpu_seconds=120, eager=True)
            found.append(RecipeComparison(received, arrays, seed, epochs))
        return found

    return student.once("compare_depth_recipes", compute)


@check(exercise="4", points=2)
def check_sigmoid_stalls(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_depth_recipes trains the deep sigmoid network, which learns nothing but the most frequent class."""
    _expect_trainings(student, "sigmoid")


@check(exercise="4", points=3)
def check_relu_learns(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_depth_recipes trains ReLU with either initializer, as far as the data it is given allow."""
    _expect_trainings(student, "relu", "relu_he")


def _endings(student: Student, *names: str) -> list[Ending]:
    return [comparison.ending(student, name) for comparison in _comparisons(student) for name in names]


def _expect_trainings(student: Student, *names: str) -> None:
    otherwise = T(
        " Call keras.utils.set_random_seed(seed) right before build_deep_mlp, and train on all of x_train with "
        "SGD({rate}) and batches of {batch_size} for all the epochs.",
        rate=RATE,
        batch_size=BATCH_SIZE,
    )
    expect_endings(_endings(student, *names), lambda: _endings(student, *RECIPES), _mistakes(), otherwise)


def _mistakes() -> Iterator[Mistake]:
    """Trainings that are taken for the ones asked for."""
    yield with_recipe(optimizer=Descent(0.0)), T(" Yours are the accuracies without training.")
    yield with_recipe(optimizer=Descent(RATE, momentum=0.9)), T(" Yours are the accuracies of SGD with momentum.")
    for rate in (0.1, 0.001):
        yield with_recipe(optimizer=Descent(rate)), T(" Yours are the accuracies with SGD({rate}).", rate=rate)
    for rate in (0.01, 0.001):
        yield with_recipe(optimizer=Adam(rate)), T(" Yours are the accuracies with Adam({rate}).", rate=rate)
    for size in (1, 16, 64):
        yield with_recipe(batch_size=size), T(" Yours are the accuracies with batches of {size}.", size=size)
