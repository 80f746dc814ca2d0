"""Exercise 3: depth against width on parity, and the two plots of it.

Every neighbour of a string has the other label. So a network that has learned most of the cube gives the strings that
were kept from it the wrong label more often than not: right work ends *below* chance. Rows of the test set that were
trained on, or an accuracy measured on the training rows, end near 1; no training, near 1/2.

Numbers written down beforehand can be low too. So the function also gets strings whose label is one of their bits,
which every training learns, but for a share of the test rows that is drawn for this run and labelled wrong: the
accuracy of right work is what that share leaves.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from data.homework import HISTORY_KEYS
from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth import figures
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check, resting_on
from grader.language.messages import T, Text
from grader.randomness import Generator
from grader.wire.values import AxesFacts, FigureFacts, FunctionName, LineFacts

NETWORKS = ("shallow", "deep")
SIZES = (8, 9)
EPOCHS = 12
CHANCE, LARGEST_MEAN = 0.5, 0.48  # the second of all accuracies of right work: docs/calibration-107.md
MOST_ROWS = 2048
PARTS = 5  # of the rows; all but one are for training
SPLIT = f"{PARTS - 1} · m // {PARTS}"
WRONG = (0.05, 0.95)  # between which the shares of wrong test labels are drawn
APART = 0.15  # more than twice the tolerance: no one number is right for both sizes
LABELLED_TOLERANCE = 0.06  # three rows of 52; right work misses hardly one: docs/calibration-107.md


def held_out(bits: int) -> int:
    """How many of parity_scaling's rows are kept for testing."""
    rows = min(1 << bits, MOST_ROWS)
    return rows - (PARTS - 1) * rows // PARTS


def _scaling(student: Student) -> tuple[Any, list[int]]:
    """What parity_scaling returns for sizes drawn now, and these."""

    def compute(rng: Generator) -> tuple[Any, list[int]]:
        sizes = rng.permutation(SIZES).tolist()
        return student.call("parity_scaling", sizes, int(rng.integers(2**31)), EPOCHS, cpu_seconds=120), sizes

    return student.once("parity_scaling", compute)


def _accuracies(received: Any, sizes: list[int]) -> list[float]:
    """The accuracies, for each network those of all sizes, once everything has its form."""
    found = expect.mapping(received, NETWORKS, "parity_scaling")
    accuracies = []
    for name in NETWORKS:
        what = f'parity_scaling({sizes}, …)["{name}"]'
        if isinstance(found[name], dict) and set(found[name]) == set(map(str, sizes)):
            raise Mismatch(T("`{what}`: its keys should be the integers n, not texts.", what=what))
        entry = expect.mapping(found[name], sizes, what)
        for bits in sizes:
            accuracies.append(expect.number(entry[bits], f"{what}[{bits}]"))
            _expect_share(accuracies[-1], bits, f"{what}[{bits}]")
    return accuracies


def wrong_shares(rng: Generator) -> list[float]:
    """The share of wrong test labels for each of the sizes."""
    low, high = WRONG
    first, step = rng.uniform(0, high - low), rng.uniform(APART, high - low - APART)
    return [low + first, low + (first + step) % (high - low)]


def labelled(rng: Generator, bits: int, wrong_share: float) -> tuple[list[Array], float]:
    """All strings with one of their bits as label, wrong in some test rows; and the share of the other test rows."""
    rows = held_out(bits)
    x = (rng.permutation(1 << bits)[:, None] >> np.arange(bits)) & 1
    y = x[:, rng.integers(bits)].copy()
    wrong = round(wrong_share * rows)
    y[rng.choice(np.arange(len(y) - rows, len(y)), wrong, replace=False)] ^= 1
    return [x.astype(np.float32), y.astype(np.int32)], 1 - wrong / rows


def _relabelled(student: Student) -> tuple[Any, list[float]]:
    """What parity_scaling returns where make_parity gives other labels, and what it should return."""

    def compute(rng: Generator) -> tuple[Any, list[float]]:
        drawn = {bits: labelled(rng, bits, share) for bits, share in zip(SIZES, wrong_shares(rng), strict=True)}
        tables = {bits: table for bits, (table, _) in drawn.items()}
        arguments = FunctionName("parity_scaling"), tables, list(SIZES), int(rng.integers(2**31)), EPOCHS
        return student.tool("with_parity", *arguments, cpu_seconds=120), [share for _, share in drawn.values()]

    return student.once("parity_scaling with other labels", compute)


def _expect_training(student: Student) -> None:
    """Accuracies follow the rows that make_parity gives."""
    received, shares = _relabelled(student)
    for accuracy, share in zip(_accuracies(received, list(SIZES)), shares * len(NETWORKS), strict=True):
        if abs(accuracy - share) > LABELLED_TOLERANCE:
            raise Mismatch(
                T(
                    "`parity_scaling`: where make_parity gave strings that every network learns, with {wrong} of the "
                    "test labels wrong, the accuracy should be {expected}; received {received}. Take the data from "
                    "make_parity, train with the first {split} rows and test with all others.",
                    split=SPLIT,
                    wrong=f"{1 - share:.0%}",
                    expected=f"{share:.2f}",
                    received=f"{accuracy:.2f}",
                )
            )


def _expect_share(accuracy: float, bits: int, what: str) -> None:
    rows = held_out(bits)
    if 0 <= accuracy <= 1 and curves.is_share(accuracy, rows):
        return
    hint = T(" Give a fraction, not a percentage.") if 1 < accuracy <= 100 else Text("")
    raise Mismatch(
        T(
            "`{what}`: {received} is not a share of the {count} test rows. Of m = min(2^n, {most}) rows the first "
            "{split} are for training and all others for the test.{hint}",
            what=what,
            most=MOST_ROWS,
            split=SPLIT,
            received=expect.show(accuracy),
            count=rows,
            hint=hint,
        )
    )


@check(exercise="3", points=2)
def check_scaling(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """parity_scaling returns a test accuracy for each network and each number of bits."""
    _accuracies(*_scaling(student))
    _expect_training(student)


@check(exercise="3", points=3)
def check_scaling_tests_what_is_new(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """parity_scaling trains, and tests on strings that training has not seen."""
    mean = float(np.mean(_accuracies(*_scaling(student))))
    if mean <= LARGEST_MEAN:
        resting_on(student, _expect_training)
        return
    hint = T(" Without training it would be about {chance}: check optimizer, loss and epochs.", chance=CHANCE)
    if mean > 0.6:
        hint = T(" Test with the rows after the first {split}, which training does not see.", split=SPLIT)
    raise Mismatch(
        T(
            "`parity_scaling`: the mean of the {count} accuracies is {received}; on unseen strings the trained "
            "networks should end below chance (at most {limit}), because every neighbour of a string has the other "
            "label.{hint}",
            count=len(NETWORKS) * len(SIZES),
            received=f"{mean:.2f}",
            limit=LARGEST_MEAN,
            hint=hint,
        )
    )


def _curves(rng: Generator, names: list[str]) -> dict[str, dict[str, list[float]]]:
    epochs = int(rng.integers(5, 9))
    return {name: {key: rng.uniform(0.1, 1, epochs).tolist() for key in HISTORY_KEYS} for name in names}


@check(exercise="3", points=2)
def check_learning_curves(student: Student, rng: Generator) -> None:
    """plot_learning_curves draws loss and accuracy, training and validation, one labelled line for each."""
    what = "plot_learning_curves"
    histories = _curves(
        rng, rng.permutation(["ancha", "profunda", "mse", "sigmoid"])[: int(rng.integers(2, 4))].tolist()
    )
    figure = expect.figure(student.call(what, histories), what)
    together = [_expect_curve(figure, histories, name, key, what) for name in histories for key in HISTORY_KEYS]
    losses, accuracies = set(together[0::4] + together[2::4]), set(together[1::4] + together[3::4])
    if len(losses) > 1 or len(accuracies) > 1 or losses & accuracies:
        raise Mismatch(T("`{what}`: the losses belong on one axes and the accuracies on another.", what=what))
    expect.words(figure, what)


def _expect_curve(figure: FigureFacts, histories: Any, name: str, key: str, what: str) -> int:
    """The number of the axes that have the line of this history and key, once its label is right."""
    values = histories[name][key]
    scales = (1.0, 100.0) if "accuracy" in key else (1.0,)
    for number, axes, line in figures.lines_of(figure, values, what, scales):
        figures.expect_label(axes, line, name, what)
        return number
    raise Mismatch(T('`{what}`: no line shows histories["{name}"]["{key}"].', what=what, name=name, key=key))


def _stands_over(axes: AxesFacts, line: LineFacts, names: list[str]) -> bool:
    """Whether the line goes over tick labels that are these names, as it does when the sizes are texts."""
    ticks = [axes.texts[start : start + len(names)] for start in range(len(axes.texts))]
    return np.array_equal(line.x, range(len(names))) and names in ticks


@check(exercise="3", points=2)
def check_scaling_plot(student: Student, rng: Generator) -> None:
    """plot_parity_scaling draws one labelled line for each network: accuracy over the number of bits."""
    what = "plot_parity_scaling"
    sizes = sorted(rng.choice(np.arange(2, 13), 4, replace=False).tolist())
    results = {name: dict(zip(sizes, rng.uniform(0.5, 1, 4).tolist(), strict=True)) for name in NETWORKS}
    figure = expect.figure(student.call(what, results), what)
    for name in NETWORKS:
        accuracies = list(results[name].values())
        found = figures.lines_of(figure, accuracies, what, (1.0, 100.0))
        if not found:
            raise Mismatch(T('`{what}`: no line shows the accuracies of results["{name}"].', what=what, name=name))
        _, axes, line = found[0]
        if not np.array_equal(line.x, sizes) and not _stands_over(axes, line, [str(size) for size in sizes]):
            raise Mismatch(
                T("`{what}`: the horizontal axis should be the number of bits, {sizes}.", what=what, sizes=sizes)
            )
        figures.expect_label(axes, line, name, what)
    expect.words(figure, what)
