"""Exercise 4: He with tanh, seen in saturation."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.compared import UNITS
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_images
from grader.language.messages import T
from grader.mathematics import network
from grader.randomness import Generator
from grader.wire.values import Images

EPOCHS = 1
NAMES = ("glorot_uniform", "he_normal")
THRESHOLD = 0.97
# Twelve standard deviations of a layer's saturation from draw to draw, or more: docs/calibration-108.md.
SATURATION_TOLERANCE = 0.04
RELABELLED_TOLERANCE = 1e-4  # of 32,000 activations or more, three may round to the other side
CONTRAST = 0.6  # of the validation images, relative to the training images


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


def faint_images(rng: Generator) -> list[Array]:
    """Images with less contrast in validation: measured on others, or standardized otherwise, saturation is higher."""
    arrays = draw_images(rng, 1000, 500)
    mean = arrays[0].mean()
    arrays[2] = mean + np.float32(CONTRAST) * (arrays[2] - mean)
    return arrays


def _comparison(student: Student) -> tuple[list[Any], list[Array]]:
    """What compare_tanh_initializers returns for images drawn now, once more with other labels, and those images."""

    def compute(rng: Generator) -> tuple[list[Any], list[Array]]:
        arrays, seed = faint_images(rng), int(rng.integers(2**31))
        received = [_compare(student, arrays, seed, EPOCHS)]
        arrays[1] = rng.permutation(arrays[1])
        return [*received, _compare(student, arrays, seed, 4 * EPOCHS)], arrays

    return student.once("compare_tanh_initializers", compute)


def _compare(student: Student, arrays: list[Array], seed: int, epochs: int) -> Any:
    return student.call("compare_tanh_initializers", Images(arrays), seed, epochs, cpu_seconds=120)


def _entries(received: Any, epochs: int = EPOCHS) -> dict[str, list[float]]:
    """The saturations per initializer, once everything has its form."""
    found = expect.mapping(received, NAMES, "compare_tanh_initializers")
    saturations = {}
    for name in NAMES:
        what = f'compare_tanh_initializers(…)["{name}"]'
        entry = expect.mapping(found[name], ("history", "saturation"), what)
        curves.expect_history(entry["history"], epochs, f'{what}["history"]')
        values = expect.sequence(entry["saturation"], len(UNITS) - 1, f'{what}["saturation"]')
        saturations[name] = [expect.number(value, f'{what}["saturation"]') for value in values]
    return saturations


@check(exercise="4", points=2)
def check_tanh_comparison(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_tanh_initializers returns history and saturation per hidden layer for Glorot and He."""
    received, _ = _comparison(student)
    _entries(received[0])


def expected_saturation(name: str, arrays: list[Array], rng: Generator) -> list[float]:
    """The mean over some networks drawn by the judge, on the standardized validation images."""
    mean, std = arrays[0].mean(), arrays[0].std()
    x = (arrays[2] - mean) / std
    draws = [network.hidden(network.new_network(UNITS, name, x.shape[1], rng), x, "tanh") for _ in range(4)]
    shares = [[float(np.mean(np.abs(h) > THRESHOLD)) for h in draw] for draw in draws]
    return [float(mean) for mean in np.mean(shares, axis=0)]


@check(exercise="4", points=3)
def check_he_saturates_tanh(student: Student, rng: Generator) -> None:
    """compare_tanh_initializers measures, on standardized inputs and before training, that He saturates tanh more."""
    received, arrays = _comparison(student)
    saturations, relabelled = _entries(received[0]), _entries(received[1], 4 * EPOCHS)
    for name in NAMES:
        expected = expected_saturation(name, arrays, rng)
        for layer, (found, wanted) in enumerate(zip(saturations[name], expected, strict=True), start=1):
            if abs(found - wanted) > SATURATION_TOLERANCE:
                raise Mismatch(
                    T(
                        "{name}, hidden layer {layer}: saturation should be about {expected}; received {received}. "
                        "Standardize with the mean and the standard deviation of all of x_train (one number each), "
                        "measure on x_val before training, and count |h| > {threshold}.",
                        threshold=THRESHOLD,
                        name=name,
                        layer=layer,
                        expected=f"{wanted:.2f}",
                        received=f"{found:.2f}",
                    )
                )
    if any(not np.allclose(saturations[name], relabelled[name], rtol=0, atol=RELABELLED_TOLERANCE) for name in NAMES):
        raise Mismatch(
            T(
                "`compare_tanh_initializers`: with the same seed and images but other labels the saturation changed. "
                "Fix the seed before building each network, and measure before training."
            )
        )
    glorot, he = saturations["glorot_uniform"][0], saturations["he_normal"][0]
    if he <= glorot:
        raise Mismatch(
            T(
                "In the first hidden layer He should saturate more than Glorot; received {he} and {glorot}.",
                he=f"{he:.3f}",
                glorot=f"{glorot:.3f}",
            )
        )
