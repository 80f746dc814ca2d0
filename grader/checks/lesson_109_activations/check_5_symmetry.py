"""Exercise 5: how many units a layer really has."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.data_sets import asked
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T
from grader.mathematics.training import Data, Descent, Recipe, train
from grader.randomness import Generator

SAME = 1e-5  # columns that differ by no more than this in any number are one unit
NOISE = 4e-6  # what copies differ by at most from what they are copied of: 8e-6 from each other
GAP = 0.01  # what different columns differ by, at least, in some number
WIDTH, EPOCHS, CONSTANT = 64, 2, 0.1
RATE, BATCH_SIZE = 0.1, 32
RECIPE = Recipe(Descent(RATE), batch_size=BATCH_SIZE)
STARTS = ("zeros", "constant", "he")
# Keras and NumPy came to kernels that differ by at most 1.5e-6 of their largest number (24 seeds).
KERNEL_TOLERANCE = 1e-3
# He uniform for two inputs has a mean square of 1.01 after two epochs, with a standard deviation of 0.08 (24 seeds):
# six of them below, twelve above, because training may only add.
LOWEST_SQUARE, LARGEST_SQUARE = 0.5, 2.0


def distinct(kernel: Array) -> int:
    """How many columns differ from all before them by more than ``SAME`` in some number."""
    found: list[Array] = []
    for column in kernel.T:
        if all(np.abs(column - other).max() > SAME for other in found):
            found.append(column)
    return len(found)


def _columns(rng: Generator, inputs: int, count: int) -> Array:
    """Different columns ``(inputs, count)``: one is another's opposite, one its reverse, one differs in one number."""
    columns = rng.choice(np.arange(-90, 91), (inputs, count)) / 50 + rng.uniform(0, GAP, (inputs, count))
    columns[0, 0], columns[-1, 0] = 1.7, -1.9  # no palindrome
    columns[:, 1], columns[:, 2], columns[:, 3] = -columns[:, 0], columns[::-1, 0], columns[:, 0]
    columns[int(rng.integers(inputs)), 3] += 5 * GAP
    return np.asarray(columns)


def _kernel(rng: Generator, noise: float) -> tuple[Array, int]:
    """A kernel with copies of some of its columns, mixed, and how many units it has."""
    inputs = int(rng.integers(3, 7))
    columns = _columns(rng, inputs, int(rng.integers(6, 15)))
    count = columns.shape[1]
    chosen = np.concatenate([np.arange(count), rng.integers(0, count, int(rng.integers(20, 40)))])
    kernel = columns[:, rng.permutation(chosen)]
    return kernel + noise * rng.uniform(-1, 1, kernel.shape), count


def _expect_count(student: Student, kernel: Array, count: int) -> None:
    what = f"distinct_units(kernel {kernel.shape})"
    rounded = np.unique(np.round(kernel, 5), axis=1).shape[1]
    hints = [
        (float(kernel.shape[1]), T(" Your value is the number of columns, copies included.")),
        (float(rounded), T(" Rounding separates numbers that lie on either side of a step: compare differences.")),
        (
            float(np.unique(kernel, axis=1).shape[1]),
            T(" Numbers that differ by rounding alone are the same: {limit}.", limit=SAME),
        ),
        (
            float(np.unique(kernel, axis=0).shape[0]),
            T(" Your value is the number of rows, or the rank: count different columns."),
        ),
        (float(kernel.shape[1] - count), T(" Your value is the number of copies.")),
        (float(np.unique(np.round(kernel, 4)).size), T(" Your value counts numbers and not columns.")),
        (float(np.unique(np.round(kernel.sum(axis=0), 4)).size), T(" Different columns may have the same sum.")),
        (
            float(np.unique(np.round(np.linalg.norm(kernel, axis=0), 4)).size),
            T(" Different columns may have the same norm."),
        ),
    ]
    expect.close(student.call("distinct_units", kernel), count, what, rtol=1e-9, hints=hints)


@check(exercise="5", points=5)
def check_distinct_units(student: Student, rng: Generator) -> None:
    """distinct_units counts the different columns of a kernel."""
    kernels = [_kernel(rng, 0.0), (np.full((4, 9), float(rng.normal())), 1), _kernel(rng, 0.0)]
    for index in rng.permutation(len(kernels)).tolist():
        kernel, count = kernels[index]
        _expect_count(student, kernel.astype(np.float32), count)


@check(exercise="5", points=2)
def check_rounding_makes_no_unit(student: Student, rng: Generator) -> None:
    """distinct_units takes columns that differ by rounding alone, up to 1e-5, for one unit."""
    for _ in range(2):
        kernel, count = _kernel(rng, NOISE)
        _expect_count(student, kernel, count)


def _compared(student: Student) -> tuple[Any, int]:
    """What compare_starts returned, and for which seed."""

    def compute(rng: Generator) -> tuple[Any, int]:
        seed = int(rng.integers(2**31))
        return student.call("compare_starts", seed, EPOCHS, cpu_seconds=120), seed

    return student.once("compare_starts", compute)


def _start(received: Any, name: str) -> tuple[Array, float]:
    """The kernel and the count of one start, once the count is that of the kernel."""
    what = f'compare_starts(…)["{name}"]'
    entry = expect.mapping(expect.mapping(received, STARTS, "compare_starts")[name], ("kernel", "distinct"), what)
    kernel = expect.array(entry["kernel"], (2, WIDTH), f'{what}["kernel"]')
    expect.close(entry["distinct"], distinct(kernel), f'{what}["distinct"]', rtol=1e-9)
    return kernel, float(entry["distinct"])


@check(exercise="5", points=4)
def check_symmetric_starts(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_starts trains from zeros and from a constant as far as symmetry lets it, on the moons of its seed."""
    received, seed = _compared(student)
    zeros, _ = _start(received, "zeros")
    if zeros.any():
        raise Mismatch(
            T(
                "From zeros, no gradient reaches the first kernel, so it stays at zero; received numbers up to "
                "{largest}. Start all kernels at zero, also the last one.",
                largest=f"{np.abs(zeros).max():.3g}",
            )
        )
    constant, _ = _start(received, "constant")
    sizes = (2, WIDTH, WIDTH, 2)
    layers = [(np.full(shape, CONSTANT, np.float32), np.zeros(shape[1], np.float32)) for shape in pairwise(sizes)]
    data = Data(*asked(student, "make_moons", seed))
    *_, again = train(layers, data, RECIPE, EPOCHS, np.random.default_rng(seed))
    hint = T(
        " It should be the first kernel after training on make_moons(seed) from kernels that are all {constant}, the "
        "last one too, with SGD({rate}) and kit.train: batches of {batch_size}, the same seed.",
        constant=CONSTANT,
        rate=RATE,
        batch_size=BATCH_SIZE,
    )
    if np.allclose(constant, CONSTANT):
        hint = T(" It was not trained.")
    expect.same(
        constant, again.layers[0][0], 'compare_starts(…)["constant"]["kernel"]', rtol=KERNEL_TOLERANCE, hint=hint
    )


@check(exercise="5", points=2)
def check_he_breaks_symmetry(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """compare_starts shows that from He all 64 units are different."""
    received, _ = _compared(student)
    kernel, count = _start(received, "he")
    size = float(np.square(kernel).mean())
    if count < WIDTH or not LOWEST_SQUARE < size < LARGEST_SQUARE:
        raise Mismatch(
            T(
                "From He, the {width} units should stay different, with a mean square near 1 (He for two inputs); "
                "received {count} distinct units and {size}.",
                width=WIDTH,
                count=f"{count:g}",
                size=f"{size:.3g}",
            )
        )
