"""Exercise 3: depth against width on parity.

The accuracies are held to the judge's trainings from the weights that the student's builders draw after the seed. They
are asked for twice: for so few strings of make_parity that they fill no batch, and for strings of the judge's, all of
whose training rows are copies of one, so that batches of another size take other numbers of steps. In both, no order
of the batches matters. The labels of the judge's test rows are drawn: nobody knows a share of them without training.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.check_3_parity import DEEP_LAYERS, DEEP_WIDTH, SHALLOW_WIDTH
from grader.checks.lesson_107_losses_and_depth.unordered import (
    Ending,
    Mistake,
    expect_endings,
    start,
    with_recipe,
)
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.replays import Replay
from grader.language.messages import T, Text
from grader.mathematics.losses import BINARY_CROSS_ENTROPY
from grader.mathematics.training import Adam, Data, Descent, Recipe
from grader.randomness import Generator
from grader.wire.values import FunctionName

NETWORKS = {"shallow": [SHALLOW_WIDTH, 1], "deep": [*[DEEP_WIDTH] * DEEP_LAYERS, 1]}
RATE = 0.003
RECIPE = Recipe(Adam(RATE), BINARY_CROSS_ENTROPY, "relu", batch_size=32)
FEW, EPOCHS = (4, 5), (5, 9)  # bits whose training rows fill no batch; epochs, one step each
COPIED = (7, 8)  # bits whose training rows fill a few batches, for one epoch
MOST_ROWS = 2048
PARTS = 5  # of the rows; all but one are for training
SPLIT = f"{PARTS - 1} · m // {PARTS}"


@dataclass(frozen=True)
class Scaling:
    """What parity_scaling returned for a seed and epochs, and the strings and labels of each number of bits."""

    received: Any
    tables: dict[int, list[Array]]
    seed: int
    epochs: int

    def accuracies(self) -> dict[tuple[str, int], float]:
        """The accuracy of each network and number of bits, once everything has its form."""
        found = expect.mapping(self.received, tuple(NETWORKS), "parity_scaling")
        return {
            (name, bits): accuracy
            for name in NETWORKS
            for bits, accuracy in _accuracies(found[name], list(self.tables), name).items()
        }

    def replay(self, student: Student, name: str, bits: int) -> Replay:
        """The judge's training of this network."""
        layers = start(student, f"build_{name}", self.seed, [bits, *NETWORKS[name]], bits)
        x, y = self.tables[bits]
        cut, y = training_rows(bits), y[:, None].astype(np.float32)
        return Replay(layers, Data(x[:cut], y[:cut], x[cut:], y[cut:]), RECIPE, self.seed)


def training_rows(bits: int) -> int:
    """How many of parity_scaling's rows are trained on."""
    return (PARTS - 1) * min(1 << bits, MOST_ROWS) // PARTS


def _accuracies(received: Any, sizes: list[int], name: str) -> dict[int, float]:
    what = f'parity_scaling({sizes}, …)["{name}"]'
    if isinstance(received, dict) and set(received) == set(map(str, sizes)):
        raise Mismatch(T("`{what}`: its keys should be the integers n, not texts.", what=what))
    entry = expect.mapping(received, sizes, what)
    accuracies = {bits: expect.number(entry[bits], f"{what}[{bits}]") for bits in sizes}
    for bits, accuracy in accuracies.items():
        _expect_share(accuracy, bits, f"{what}[{bits}]")
    return accuracies


def _scaling(student: Student) -> Scaling:
    """What parity_scaling returns for sizes and epochs drawn now, and the strings that it should train on."""

    def compute(rng: Generator) -> Scaling:
        sizes, seed, epochs = rng.permutation(FEW).tolist(), int(rng.integers(2**31)), int(rng.integers(*EPOCHS))
        received = student.call("parity_scaling", sizes, seed, epochs, cpu_seconds=120, eager=True)
        return Scaling(received, {bits: _strings(student, bits, seed) for bits in sizes}, seed, epochs)

    return student.once("parity_scaling", compute)


def _strings(student: Student, bits: int, seed: int) -> list[Array]:
    rows, what = 1 << bits, f"make_parity({bits}, {1 << bits}, {seed})"
    x, y = expect.sequence(student.call("make_parity", bits, rows, seed), 2, what)
    return [expect.array(x, (rows, bits), what).astype(np.float32), expect.array(y, (rows,), what)]


def copied(rng: Generator, bits: int) -> list[Array]:
    """Strings and labels for parity_scaling: one training row again and again, other test rows with drawn labels."""
    rows, cut = 1 << bits, training_rows(bits)
    x = (rng.permutation(rows)[:, None] >> np.arange(bits)) & 1
    y = rng.integers(0, 2, rows)
    x[:cut], y[:cut] = x[0], y[0]
    return [x.astype(np.float32), y.astype(np.int32)]


def _on_copies(student: Student) -> Scaling:
    """What parity_scaling returns where make_parity gives the judge's strings."""

    def compute(rng: Generator) -> Scaling:
        tables, seed = {bits: copied(rng, bits) for bits in rng.permutation(COPIED).tolist()}, int(rng.integers(2**31))
        arguments = FunctionName("parity_scaling"), tables, list(tables), seed, 1
        received = student.tool("with_parity", *arguments, cpu_seconds=120, eager=True)
        return Scaling(received, tables, seed, epochs=1)

    return student.once("parity_scaling with copies", compute)


def _expect_share(accuracy: float, bits: int, what: str) -> None:
    rows = min(1 << bits, MOST_ROWS) - training_rows(bits)
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
    """parity_scaling trains on the strings of make_parity, in batches of 32."""
    _scaling(student).accuracies()
    _expect_trainings(student, _on_copies(student))


@check(exercise="3", points=3)
def check_scaling_tests_what_is_new(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """parity_scaling trains both networks on the first four fifths of the strings and tests on the others."""
    _expect_trainings(student, _scaling(student))


def _endings(student: Student, scaling: Scaling) -> list[Ending]:
    sizes = list(scaling.tables)
    return [
        Ending(
            f'parity_scaling({sizes}, …)["{name}"][{bits}]',
            accuracy,
            scaling.replay(student, name, bits),
            scaling.epochs,
        )
        for (name, bits), accuracy in scaling.accuracies().items()
    ]


def _expect_trainings(student: Student, scaling: Scaling) -> None:
    def every() -> list[Ending]:
        return [*_endings(student, _scaling(student)), *_endings(student, _on_copies(student))]

    otherwise = T(
        " Take the data from make_parity, train with the first {split} rows and test with all others; call "
        "keras.utils.set_random_seed(seed) right before building each network, and train with Adam({rate}), binary "
        "cross-entropy and batches of {batch_size} for all the epochs.",
        split=SPLIT,
        rate=RATE,
        batch_size=RECIPE.batch_size,
    )
    expect_endings(_endings(student, scaling), every, _mistakes(), otherwise)


def _mistakes() -> Iterator[Mistake]:
    """Trainings that are taken for the one asked for."""
    yield with_recipe(optimizer=Descent(0.0)), T(" Yours are the accuracies without training.")
    yield (
        _trained_on_all_rows,
        T(" Test with the rows after the first {split}, which training does not see.", split=SPLIT),
    )
    for rate in (1e-2, 1e-3):
        yield with_recipe(optimizer=Adam(rate)), T(" Yours are the accuracies with Adam({rate}).", rate=rate)
    for size in (16, 64, 128):
        yield with_recipe(batch_size=size), T(" Yours are the accuracies with batches of {size}.", size=size)


def _trained_on_all_rows(replay: Replay) -> Replay:
    data = replay.data
    x, y = np.concatenate([data.x, data.x_val]), np.concatenate([data.y, data.y_val])
    return replace(replay, data=replace(data, x=x, y=y))
