"""Exercise 3: the parity of bit strings, and two networks for it."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.models import expect_initialized, layers_of
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.activations import sigmoid
from grader.randomness import Generator
from grader.wire.values import ModelFacts

SHALLOW_WIDTH = 128
DEEP_LAYERS, DEEP_WIDTH = 4, 32
ORDER_TOLERANCE = 6.0  # standard deviations: a random order of n rows correlates with any other as N(0, 1/(n − 1))


def _parity(student: Student, bits: int, samples: int, seed: int) -> tuple[Array, Array, str]:
    """The student's strings and labels, once they have their form."""
    what = f"make_parity({bits}, {samples}, {seed})"
    x, y = expect.sequence(student.call("make_parity", bits, samples, seed), 2, what)
    strings = expect.array(x, (samples, bits), f"{what}[0]")
    if not np.isin(strings, (0, 1)).all():
        raise Mismatch(T("`{what}`: x should hold zeros and ones only.", what=what))
    return strings, expect.array(y, (samples,), f"{what}[1]"), what


@check(exercise="3", points=4)
def check_parity_labels(student: Student, rng: Generator) -> None:
    """The label of make_parity is 1 for an even number of ones, zero ones included."""
    for bits, samples in ((int(rng.integers(3, 6)), 200), (int(rng.integers(9, 14)), 150)):
        x, y, what = _parity(student, bits, samples, int(rng.integers(2**31)))
        even = (x.sum(axis=1) % 2 == 0).astype(float)
        if np.array_equal(y, even):
            continue
        hint = Text("")
        if np.array_equal(y, 1 - even):
            hint = T(" Yours is 1 where the number of ones is odd.")
        elif np.array_equal(y, x.sum(axis=1)):
            hint = T(" Yours is the number of ones itself.")
        elif np.array_equal(y, np.where(even, 1, -1)):
            hint = T(" Odd strings have the label 0, not −1.")
        elif np.array_equal(y[x.any(axis=1)], even[x.any(axis=1)]):
            hint = T(" Zero is even: the string without ones has the label 1.")
        raise Mismatch(T("`{what}`: y is not the parity of the rows of x.{hint}", what=what, hint=hint))


def _codes(x: Array) -> list[Array]:
    """Each string as a number, read from the right and from the left."""
    powers = 2.0 ** np.arange(x.shape[1])
    return [x @ powers, x @ powers[::-1]]


@check(exercise="3", points=3)
def check_parity_strings(student: Student, rng: Generator) -> None:
    """The strings of make_parity are all different where the cube has enough of them, in random order."""
    bits = int(rng.integers(7, 10))
    for samples in (2**bits, int(rng.integers(2 ** (bits - 1), 2**bits))):
        x, _, what = _parity(student, bits, samples, int(rng.integers(2**31)))
        different = len(np.unique(x, axis=0))
        if different < samples:
            raise Mismatch(
                T(
                    "`{what}`: {count} of the {samples} strings are different; while n_samples ≤ 2^n_bits all should "
                    "be, or training and test rows overlap. Draw without replacement.",
                    what=what,
                    count=different,
                    samples=samples,
                )
            )
        for code in _codes(x):
            likeness = float(np.corrcoef(code, np.arange(samples))[0, 1])
            if abs(likeness) > ORDER_TOLERANCE / math.sqrt(samples - 1):
                raise Mismatch(
                    T(
                        "`{what}`: the strings come in the order of counting; shuffle them, so that the last rows are "
                        "like the first ones.",
                        what=what,
                    )
                )


@check(exercise="3", points=2)
def check_parity_seed(student: Student, rng: Generator) -> None:
    """The seed of make_parity decides the strings: the same one gives the same, another one others."""
    bits, samples = int(rng.integers(10, 14)), int(rng.integers(60, 120))
    seed, other = rng.choice(2**31, 2, replace=False).tolist()
    x, y, what = _parity(student, bits, samples, seed)
    again = _parity(student, bits, samples, seed)
    if not (np.array_equal(x, again[0]) and np.array_equal(y, again[1])):
        raise Mismatch(
            T("`{what}` gave two different results. Draw from np.random.default_rng(seed) alone.", what=what)
        )
    if np.array_equal(x, _parity(student, bits, samples, other)[0]):
        raise Mismatch(T("Two different seeds gave the same strings. Use the argument `seed`."))


def _expect_network(student: Student, model: ModelFacts, sizes: list[int], what: str, rng: Generator) -> network.Layers:
    """ReLU in the hidden layers, one sigmoid at the end."""
    layers = layers_of(model, sizes, what)
    x = rng.normal(0, 2, (9, sizes[0])).astype(np.float32)
    outputs = expect.array(student.tool("predict", model, x), (9, 1), f"{what}(x)")
    hint = T(" Hidden layers: ReLU. Last layer: one unit with a sigmoid.")
    expect.same(outputs, sigmoid(network.logits(layers, x)), f"{what}(x)", hint=hint)
    return layers


@check(exercise="3", points=2)
def check_shallow(student: Student, rng: Generator) -> None:
    """build_shallow has one hidden layer of ReLU, 128 wide or as asked, and one sigmoid at the end."""
    inputs, width = int(rng.integers(4, 15)), int(rng.integers(20, 90))
    model = expect.model(student.call("build_shallow", inputs), f"build_shallow({inputs})")
    _expect_network(student, model, [inputs, SHALLOW_WIDTH, 1], f"build_shallow({inputs})", rng)
    what = f"build_shallow({inputs}, width={width})"
    model = expect.model(student.call("build_shallow", inputs, width=width), what)
    _expect_network(student, model, [inputs, width, 1], what, rng)


@check(exercise="3", points=2)
def check_deep(student: Student, rng: Generator) -> None:
    """build_deep has four hidden layers of 32, or as many and as wide as asked, and one sigmoid at the end."""
    inputs, width, depth = int(rng.integers(4, 15)), int(rng.integers(8, 30)), int(rng.choice([2, 3, 5, 6]))
    model = expect.model(student.call("build_deep", inputs), f"build_deep({inputs})")
    _expect_network(student, model, [inputs, *[DEEP_WIDTH] * DEEP_LAYERS, 1], f"build_deep({inputs})", rng)
    what = f"build_deep({inputs}, width={width}, depth={depth})"
    model = expect.model(student.call("build_deep", inputs, width=width, depth=depth), what)
    _expect_network(student, model, [inputs, *[width] * depth, 1], what, rng)


@check(exercise="3", points=2)
def check_parity_initializers(student: Student, rng: Generator) -> None:
    """The hidden kernels of build_shallow and build_deep are drawn by he_normal, the last by Keras' default."""
    inputs = int(rng.integers(40, 60))
    cases: list[tuple[str, dict[str, Any], list[int]]] = [
        ("build_shallow", {"width": 300}, [inputs, 300, 1]),
        ("build_deep", {"width": 90, "depth": 3}, [inputs, 90, 90, 90, 1]),
    ]
    for name, options, sizes in cases:
        what = f"{name}({inputs}, {', '.join(f'{key}={value}' for key, value in options.items())})"
        model = expect.model(student.call(name, inputs, **options), what)
        expect_initialized(layers_of(model, sizes, what), "he_normal", what, comparisons=6)
