"""Exercise 4: He with tanh, seen in saturation."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.compared import UNITS, Comparison
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check, resting_on
from grader.judge.images import draw_images
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.training import Data
from grader.randomness import Generator
from grader.wire.values import Images

NAMES = ("glorot_uniform", "he_normal")
THRESHOLD = 0.97
ROUNDED = 3.5  # activations of a layer that may round to the other side of the threshold


def _expect_fractions(student: Student, activations: list[Array], *threshold: float) -> None:
    limit = threshold[0] if threshold else THRESHOLD
    arguments = "".join(f", {value:.3f}" for value in threshold)
    what = f"saturation_fraction(activations{arguments})"
    received = expect.sequence(student.call("saturation_fraction", activations, *threshold), len(activations), what)
    for index, (found, h) in enumerate(zip(received, activations, strict=True)):
        hints = [
            (float((h > limit).mean()), T(" Values near −1 are saturated too: take the absolute value.")),
            (float((np.abs(h) <= limit).mean()), T(" Your value is the share that is not saturated.")),
            (float((np.abs(h) > limit).sum()), T(" Your value is a count; divide by the number of values.")),
            (100 * float((np.abs(h) > limit).mean()), T(" Return a fraction, not a percentage.")),
            (float((np.abs(h) > THRESHOLD).mean()), T(" Use the argument `threshold`.")),
        ]
        expect.close(found, float((np.abs(h) > limit).mean()), f"{what}[{index}]", hints=hints)


def _activations(rng: Generator) -> list[Array]:
    return [np.tanh(rng.normal(0.4, rng.uniform(1, 3), (50, width))).astype(np.float32) for width in (8, 6, 4)]


@check(exercise="4", points=2)
def check_saturation(student: Student, rng: Generator) -> None:
    """saturation_fraction gives each layer's share of |h| above 0.97."""
    _expect_fractions(student, _activations(rng))


@check(exercise="4", points=1)
def check_saturation_threshold(student: Student, rng: Generator) -> None:
    """saturation_fraction uses the threshold it is given."""
    _expect_fractions(student, _activations(rng), float(rng.uniform(0.5, 0.9)))


def _compared(student: Student) -> tuple[Comparison, Any]:
    """What was asked of compare_tanh_initializers, on standardized images, and what it returned."""

    def compute(rng: Generator) -> tuple[Comparison, Any]:
        images = draw_images(rng, 64 + int(rng.integers(6, 30)), int(rng.integers(50, 70)))
        seed, epochs = int(rng.integers(2**31)), int(rng.integers(1, 3))
        received = student.call("compare_tanh_initializers", Images(images), seed, epochs, cpu_seconds=120, eager=True)
        data = Data(*images)
        standardized = replace(data, x=_standardized(data.x, data.x), x_val=_standardized(data.x_val, data.x))
        advice = T(" Standardize with the mean and the standard deviation of all of x_train (one number each).")
        return Comparison(standardized, "tanh", seed, epochs, tuple(_mistaken(data, standardized)), advice), received

    return student.once("compare_tanh_initializers", compute)


def _standardized(x: Array, by: Array) -> Array:
    return np.asarray((x - by.mean()) / by.std())


def _mistaken(data: Data, standardized: Data) -> Iterator[tuple[Data, Text]]:
    yield data, T(" Your images are not standardized.")
    apart = replace(standardized, x_val=_standardized(data.x_val, data.x_val))
    yield apart, T(" You standardize x_val with its own mean and deviation: use those of x_train.")


def _what(name: str, key: str) -> str:
    return f'compare_tanh_initializers(…)["{name}"]["{key}"]'


def _entry(student: Student, name: str) -> tuple[dict[str, list[float]], list[float]]:
    """One initializer's history, and its saturation in each hidden layer, once everything has its form."""
    comparison, received = _compared(student)
    found = expect.mapping(received, NAMES, "compare_tanh_initializers")
    entry = expect.mapping(found[name], ("history", "saturation"), f'compare_tanh_initializers(…)["{name}"]')
    what = _what(name, "saturation")
    saturation = [expect.number(value, what) for value in expect.sequence(entry["saturation"], len(UNITS) - 1, what)]
    return curves.expect_history(entry["history"], comparison.epochs, _what(name, "history")), saturation


@check(exercise="4", points=2)
def check_tanh_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_tanh_initializers trains Glorot and He with tanh on standardized images, from the seed's weights."""
    comparison, _ = _compared(student)
    for name in NAMES:
        comparison.expect_trained(student, name, _entry(student, name)[0], _what(name, "history"))


def _expect_saturation(student: Student, name: str) -> None:
    """The saturations are those of the network that build_mlp draws from the seed, on the validation images."""
    comparison, _ = _compared(student)
    x, saturation = comparison.data.x_val, _entry(student, name)[1]
    starts = (network.hidden(replay.layers, x, "tanh") for replay in comparison.replays(student, name))
    if _saturates(first := next(starts), saturation) or any(_saturates(start, saturation) for start in starts):
        return
    for layer, (h, found) in enumerate(zip(first, saturation, strict=True), start=1):
        if not _saturates([h], [found]):
            raise Mismatch(
                T(
                    "{name}, hidden layer {layer}: saturation should be {expected}; received {received}. Standardize "
                    "with the mean and the standard deviation of all of x_train (one number each), call "
                    "keras.utils.set_random_seed(seed) before each network, measure on x_val before training, and "
                    "count |h| > {threshold}.",
                    threshold=THRESHOLD,
                    name=name,
                    layer=layer,
                    expected=f"{_share(h):.4f}",
                    received=f"{found:.4f}",
                )
            )


def _share(h: Array) -> float:
    return float(np.mean(np.abs(h) > THRESHOLD))


def _saturates(activations: list[Array], shares: list[float]) -> bool:
    """Whether these shares are saturated, up to the few activations that rounding may move across the threshold."""
    return all(abs(_share(h) - share) * h.size <= ROUNDED for h, share in zip(activations, shares, strict=True))


@check(exercise="4", points=3)
def check_he_saturates_tanh(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_tanh_initializers measures, on standardized inputs and before training, that He saturates tanh more."""
    comparison, _ = _compared(student)
    for name in NAMES:
        _expect_saturation(student, name)
    for name in NAMES:
        resting_on(student, partial(comparison.expect_drawn, name=name))
    glorot, he = (_entry(student, name)[1][0] for name in NAMES)
    if he <= glorot:
        raise Mismatch(
            T(
                "In the first hidden layer He should saturate more than Glorot; received {he} and {glorot}.",
                he=f"{he:.3f}",
                glorot=f"{glorot:.3f}",
            )
        )
