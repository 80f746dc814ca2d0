"""Exercise 1: blobs and moons, held to the law they are drawn from."""

from __future__ import annotations

import math
from itertools import product

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations import clouds
from grader.checks.lesson_109_activations.data_sets import TRAINING, VALIDATION, asked, whole
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.mathematics.sampling import (
    FALSE_FAIL,
    NORMAL,
    Distribution,
    cdf_distance,
    cdf_tolerance,
    variance_tolerance,
)
from grader.randomness import Generator

PER_CLASS = 400
# Six standard errors of a mean of 400 N(0, 1): 2e-9 for each of the four means that are looked at.
MEAN_TOLERANCE = 6 / math.sqrt(PER_CLASS)
# As many standard errors for the moons, whose coordinates have standard deviations of at most 0.74.
MOON_TOLERANCE = 0.22
# All of 1600 normal numbers lie below 2.3 with probability 9e-16, and one of them beyond 6.5 with 1.3e-7.
SMALLEST_EXTREME, LARGEST_EXTREME = 2.3, 6.5
# Hoeffding's bound as Serfling has it for draws without replacement, at 1e-7: the split need not be stratified.
SPLIT_TOLERANCE = 33
# A mixed order changes class about 320 times in 640 rows, with a standard deviation of 13; ten of them.
FEWEST_CHANGES = 190
# The radial spread of 800 points is 0.1989 with a standard deviation of 0.0050 (4000 draws); seven of them.
SPREAD, SPREAD_TOLERANCE = 0.199, 0.035


def _expect_classes(data: list[Array], what: str) -> None:
    """PER_CLASS examples of each class, mixed before they are divided, none of them in both parts."""
    _, labels = whole(data)
    ones = int(labels.sum())
    if ones != PER_CLASS:
        raise Mismatch(
            T(
                "`{what}`: expected {expected} points of each class; received {zeros} of class 0 and {ones} of "
                "class 1.",
                what=what,
                expected=PER_CLASS,
                zeros=len(labels) - ones,
                ones=ones,
            )
        )
    changes = int(np.abs(np.diff(data[1])).sum())
    if abs(int(data[3].sum()) - VALIDATION // 2) > SPLIT_TOLERANCE or changes < FEWEST_CHANGES:
        raise Mismatch(
            T(
                "`{what}`: mix the examples before dividing them. y_val has {ones} ones among {total} labels, and "
                "y_train changes class {changes} times from one row to the next.",
                what=what,
                ones=int(data[3].sum()),
                total=VALIDATION,
                changes=changes,
            )
        )
    count = TRAINING + VALIDATION
    if len(np.unique(np.concatenate(data[::2]), axis=0)) < count:
        raise Mismatch(
            T(
                "`{what}`: points are repeated. Each of the {count} belongs to one of the two parts.",
                what=what,
                count=count,
            )
        )


def _expect_law(values: Array, law: Distribution, what: str, which: Text, comparisons: int) -> None:
    """Values of one coordinate follow a law, by the Dvoretzky-Kiefer-Wolfowitz bound."""
    if cdf_distance(values, 1.0, law) > cdf_tolerance(values.size, FALSE_FAIL / comparisons):
        raise Mismatch(T("`{what}`: {which} is not distributed as asked.", what=what, which=which))


@check(exercise="1", points=3)
def check_blobs(student: Student, rng: Generator) -> None:
    """make_blobs draws 400 points around (−2, −2) and 400 around (2, 2), mixed, 640 of them for training."""
    data = asked(student, "make_blobs", int(rng.integers(2**31)))
    _expect_classes(data, "make_blobs")
    x, y = whole(data)
    for label, centre in enumerate(clouds.CENTRES):
        _expect_centre(x[y == label], label, centre)
    noise = x - np.array(clouds.CENTRES)[y]
    turned = noise @ np.array([[1, 1], [1, -1]]) / math.sqrt(2)  # correlation shows as unequal variances
    tolerance = variance_tolerance(NORMAL, len(x), FALSE_FAIL / 8)
    for values in (*noise.T, *turned.T):
        variance = float(np.square(values).mean())
        if abs(variance - 1) > tolerance:
            raise Mismatch(
                T(
                    "`make_blobs`: around its centre each class should have standard deviation 1 in every direction; "
                    "received {received}.",
                    received=f"{math.sqrt(variance):.2f}",
                )
            )
    if not SMALLEST_EXTREME < np.abs(noise).max() < LARGEST_EXTREME:
        raise Mismatch(T("`make_blobs`: the noise should be normal; its largest values are not those of a normal."))
    _expect_law(noise.ravel(), NORMAL, "make_blobs", T("the noise"), 4)


def _expect_centre(points: Array, label: int, centre: tuple[float, float]) -> None:
    mean = points.mean(axis=0)
    if np.abs(mean - centre).max() <= MEAN_TOLERANCE:
        return
    swapped = np.abs(mean + centre).max() <= MEAN_TOLERANCE
    raise Mismatch(
        T(
            "`make_blobs`: class {label} should lie around {expected}; its points lie around {received}.{hint}",
            label=label,
            expected=f"({centre[0]:g}, {centre[1]:g})",
            received=f"({mean[0]:.2f}, {mean[1]:.2f})",
            hint=T(" The classes are swapped.") if swapped else Text(""),
        )
    )


@check(exercise="1", points=3)
def check_moons(student: Student, rng: Generator) -> None:
    """make_moons draws two interlocking half moons with noise of standard deviation 0.2, mixed and divided alike."""
    data = asked(student, "make_moons", int(rng.integers(2**31)))
    _expect_classes(data, "make_moons")
    x, y = whole(data)
    for label in (0, 1):
        _expect_moon_mean(x[y == label].mean(axis=0), label)
    upper = clouds.unfold(x, y)
    spread = clouds.radial_spread(upper)
    if abs(spread - SPREAD) > SPREAD_TOLERANCE:
        raise Mismatch(
            T(
                "`make_moons`: both coordinates of a point should have noise of standard deviation {expected}; across "
                "the arcs it is {received}.{hint}",
                expected=clouds.NOISE,
                received=f"{spread:.2f}",
                hint=_noise_hint(spread),
            )
        )
    for label, axis in product((0, 1), repeat=2):
        which = T("coordinate {axis} of class {label}", axis=axis, label=label)
        _expect_law(upper[y == label][:, axis], clouds.moon_coordinate(axis), "make_moons", which, 4)


def _expect_moon_mean(mean: Array, label: int) -> None:
    """A class lies where it should: six standard errors of a mean are at most MOON_TOLERANCE."""
    expected = np.array(clouds.MOON_MEANS[label])
    if np.abs(mean - expected).max() < MOON_TOLERANCE:
        return
    hint = Text("")
    if np.abs(mean - clouds.MOON_MEANS[1 - label]).max() < MOON_TOLERANCE:
        hint = T(" The classes are swapped.")
    elif label and np.abs(mean - [1, -2 / math.pi]).max() < MOON_TOLERANCE:
        hint = T(" Class 1 lies at (1 − cos t, {shift} − sin t): is the {shift} missing?", shift=clouds.SHIFT[1])
    raise Mismatch(
        T(
            "`make_moons`: the points of class {label} should have their mean at {expected}; it is {received}.{hint}",
            label=label,
            expected=f"({expected[0]:.2f}, {expected[1]:.2f})",
            received=f"({mean[0]:.2f}, {mean[1]:.2f})",
            hint=hint,
        )
    )


def _noise_hint(spread: float) -> Text:
    std, variance = clouds.NOISE, clouds.NOISE**2
    hints = {
        variance: T(
            " {variance} is the variance: the generator wants the standard deviation.", variance=f"{variance:g}"
        ),
        math.sqrt(std): T(" {std} is the standard deviation, not the variance.", std=std),
        std / math.sqrt(2): T(" One of the two coordinates has none."),
    }
    return next((text for wrong, text in hints.items() if math.isclose(spread, wrong, rel_tol=0.15)), Text(""))


@check(exercise="1", points=2)
def check_data_depend_on_the_seed(student: Student, rng: Generator) -> None:
    """make_blobs and make_moons give the same points for the same seed, and others for another."""
    for function in ("make_blobs", "make_moons"):
        student.require(function)
        seed, other, first, second = rng.choice(2**31, 4, replace=False).tolist()
        student.tool("unsettle", first)
        data = asked(student, function, seed)
        student.tool("unsettle", second)
        again, different = asked(student, function, seed), asked(student, function, other)
        if not all(np.array_equal(a, b) for a, b in zip(data, again, strict=True)):
            raise Mismatch(
                T(
                    "`{function}` gave two different data sets for the same seed. Draw everything, the mixing too, "
                    "from np.random.default_rng(seed).",
                    function=function,
                )
            )
        if np.array_equal(np.sort(data[0], axis=None), np.sort(different[0], axis=None)):
            raise Mismatch(
                T("`{function}` gave the same points for two seeds. Use the argument `seed`.", function=function)
            )
