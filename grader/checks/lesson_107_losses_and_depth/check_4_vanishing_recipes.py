"""Exercise 4: three recipes against gradients that vanish with depth."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.check_4_vanishing import CLASSES, INPUTS, LAYERS, WIDTH
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_uneven_images
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.training import Data, Descent, Recipe, train
from grader.randomness import Generator
from grader.wire.values import Images

RATE, BATCH_SIZE = 0.01, 32
RECIPES = {
    "sigmoid": ("sigmoid", "glorot_uniform"),
    "relu": ("relu", "glorot_uniform"),
    "relu_he": ("relu", "he_normal"),
}
TRAINING, VALIDATION, EPOCHS = 1500, 400, 6
SHARES = (0.24, 0.34)  # of the class that is drawn more often than the others; far below what ReLU reaches
DRAWS = 2
# How far right work may lie from the mean of the judge's draws; now and then a training ends in a dip, so that the
# scatter has a longer tail than a normal law: docs/calibration-107.md.
TOLERANCES = {"sigmoid": 0.02, "relu": 0.33, "relu_he": 0.33}


def expected(name: str, arrays: list[Array], rng: Generator) -> float:
    """The accuracy that this recipe reaches on these data, as a mean over the judge's own trainings."""
    return float(np.mean([train_once(name, arrays, rng) for _ in range(DRAWS)]))


def train_once(name: str, arrays: list[Array], rng: Generator) -> float:
    """The last accuracy of one training, as the exercise asks for it."""
    activation, initializer = RECIPES[name]
    start = network.new_network([*[WIDTH] * LAYERS, CLASSES], initializer, INPUTS, rng)
    recipe = Recipe(Descent(RATE), activation=activation, batch_size=BATCH_SIZE)
    *_, last = train(start, Data(*arrays), recipe, EPOCHS, rng)
    return last.val_accuracy


def draw_data(rng: Generator) -> list[Array]:
    """Images of which one class, drawn for this run, is more frequent than the others, by a share drawn too."""
    return draw_uneven_images(rng, TRAINING, VALIDATION, int(rng.integers(CLASSES)), float(rng.uniform(*SHARES)))


def _recipes(student: Student) -> tuple[dict[str, float], list[Array]]:
    """The three accuracies, once they have their form, and the images."""

    def compute(rng: Generator) -> tuple[Any, list[Array]]:
        arrays = draw_data(rng)
        asked = Images(arrays), int(rng.integers(2**31)), EPOCHS
        return student.call("compare_depth_recipes", *asked, cpu_seconds=120), arrays

    received, arrays = student.once("compare_depth_recipes", compute)
    found = expect.mapping(received, tuple(RECIPES), "compare_depth_recipes")
    accuracies = {name: expect.number(found[name], f'compare_depth_recipes(…)["{name}"]') for name in RECIPES}
    for name, accuracy in accuracies.items():
        if not (0 <= accuracy <= 1 and curves.is_share(accuracy, VALIDATION)):
            raise Mismatch(
                T(
                    '`compare_depth_recipes(…)["{name}"]`: {received} is not a share of the {count} images of '
                    "data.x_val.",
                    name=name,
                    received=expect.show(accuracy),
                    count=VALIDATION,
                )
            )
    return accuracies, arrays


@check(exercise="4", points=2)
def check_sigmoid_stalls(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_depth_recipes shows that the deep sigmoid network learns nothing but the most frequent class."""
    accuracies, (_, y, _, y_val) = _recipes(student)
    share = float((y_val == np.bincount(y, minlength=CLASSES).argmax()).mean())
    if abs(accuracies["sigmoid"] - share) > TOLERANCES["sigmoid"]:
        raise Mismatch(
            T(
                '`compare_depth_recipes(…)["sigmoid"]`: with these data it stays at the share of the most frequent '
                "class, {expected}; received {received}. {layers} sigmoid layers with glorot_uniform, SGD({rate}).",
                layers=LAYERS,
                rate=RATE,
                expected=f"{share:.3f}",
                received=f"{accuracies['sigmoid']:.3f}",
            )
        )


@check(exercise="4", points=3)
def check_relu_learns(student: Student, rng: Generator) -> None:
    """compare_depth_recipes shows that ReLU learns, with either initializer, as far as the data it is given allow."""
    accuracies, arrays = _recipes(student)
    for name in ("relu", "relu_he"):
        wanted = expected(name, arrays, rng)
        if abs(accuracies[name] - wanted) > TOLERANCES[name]:
            raise Mismatch(
                T(
                    '`compare_depth_recipes(…)["{name}"]`: with these data it ends near {expected}; received '
                    "{received}. Train on all of x_train with SGD({rate}) and batches of {batch_size} for all the "
                    "epochs.",
                    rate=RATE,
                    batch_size=BATCH_SIZE,
                    name=name,
                    expected=f"{wanted:.2f}",
                    received=f"{accuracies[name]:.2f}",
                )
            )
