"""Exercise 1: fans, variances and limits by hand, and Keras' default kernel."""

from __future__ import annotations

import math

import numpy as np

from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.kernels import expect_kernel
from grader.language.messages import T, Text
from grader.mathematics.initializers import NAMES, SCHEMES, variance
from grader.randomness import Generator

UNIFORM_NAMES = tuple(name for name in NAMES if name.endswith("uniform"))
NORMAL_NAMES = tuple(name for name in NAMES if name.endswith("normal"))


def _fans(student: Student, shape: tuple[int, ...]) -> list[float]:
    what = f"compute_fans({shape})"
    found = expect.sequence(student.call("compute_fans", shape), 2, what)
    return [expect.number(value, what) for value in found]


def _expect_fans(student: Student, shape: tuple[int, ...]) -> None:
    *window, inputs, outputs = shape
    field = math.prod(window)
    expected, received = [field * inputs, field * outputs], _fans(student, shape)
    if received == expected:
        return
    hints: dict[tuple[float, ...], Text] = {
        (expected[1], expected[0]): T(" They are swapped: fan_in counts what enters a unit."),
        (inputs, outputs): T(" Each channel counts once for every position of the window."),
        (field * inputs, outputs): T(" The window counts for fan_out too."),
    }
    raise Mismatch(
        T(
            "`compute_fans({shape})`: expected {expected}, received {received}.{hint}",
            shape=shape,
            expected=tuple(expected),
            received=tuple(f"{value:g}" for value in received),
            hint=hints.get(tuple(received), Text("")),
        )
    )


@check(exercise="1", points=2)
def check_dense_fans(student: Student, rng: Generator) -> None:
    """compute_fans gives fan_in and fan_out of a Dense kernel."""
    for _ in range(3):
        inputs, outputs = rng.choice(np.arange(2, 900), 2, replace=False).tolist()
        _expect_fans(student, (inputs, outputs))


@check(exercise="1", points=2)
def check_convolution_fans(student: Student, rng: Generator) -> None:
    """compute_fans counts the window of Conv1D, Conv2D and Conv3D kernels."""
    for dimensions in (1, 2, 3):
        window = rng.integers(2, 8, dimensions).tolist()
        channels = rng.choice(np.arange(2, 200), 2, replace=False).tolist()
        _expect_fans(student, (*window, *channels))


def _variance_hints(name: str, fan_in: int, fan_out: int) -> list[tuple[float, Text]]:
    right = variance(name.partition("_")[0], fan_in, fan_out)
    formulas = {"glorot": "2/(fan_in + fan_out)", "he": "2/fan_in", "lecun": "1/fan_in"}
    others = [
        (
            variance(scheme, fan_in, fan_out),
            T(" Your value is {scheme}'s {formula}.", scheme=scheme.capitalize(), formula=formulas[scheme]),
        )
        for scheme in SCHEMES
    ]
    return [
        *others,
        (math.sqrt(right), T(" Your value is the standard deviation; the variance is its square.")),
        (math.sqrt(3 * right), T(" Your value is the limit of the uniform form; the variance is limit²/3.")),
        (1 / (fan_in + fan_out), T(" Your value is 1/(fan_in + fan_out): the 2 is missing.")),
        (2 / fan_out, T(" Your value is 2/fan_out: fan_in is missing in the denominator.")),
        (1 / fan_out, T(" Your value is 1/fan_out: fan_in is missing in the denominator.")),
    ]


@check(exercise="1", points=3)
def check_variances(student: Student, rng: Generator) -> None:
    """theoretical_variance knows Glorot, He and LeCun, uniform and normal."""
    for name in rng.permutation(NAMES).tolist():
        fan_in, fan_out = rng.choice(np.arange(20, 900), 2, replace=False).tolist()
        expect.close(
            student.call("theoretical_variance", name, fan_in, fan_out),
            variance(name.partition("_")[0], fan_in, fan_out),
            f'theoretical_variance("{name}", {fan_in}, {fan_out})',
            hints=_variance_hints(name, fan_in, fan_out),
        )


@check(exercise="1", points=1)
def check_unknown_initializer(student: Student, rng: Generator) -> None:
    """theoretical_variance raises ValueError for an initializer that it does not know."""
    for names in (["orthogonal", "random_normal", "zeros"], ["he", "glorot", "lecun", "he_orthogonal", "lecun_zeros"]):
        unknown = str(rng.choice(names))
        expect.raises(student, "ValueError", "theoretical_variance", unknown, 30, 20, answering=("he_normal", 30, 20))


@check(exercise="1", points=2)
def check_limits(student: Student, rng: Generator) -> None:
    """uniform_limit gives the a of U(−a, a) for the three uniform initializers."""
    for name in rng.permutation(UNIFORM_NAMES).tolist():
        fan_in, fan_out = rng.choice(np.arange(20, 900), 2, replace=False).tolist()
        wanted = variance(name.partition("_")[0], fan_in, fan_out)
        hints = [
            (math.sqrt(wanted), T(" Your value is the standard deviation; a uniform's limit is √3 times that.")),
            (wanted, T(" Your value is the variance; the limit is √(3·variance).")),
            (3 * wanted, T(" The square root is missing.")),
        ]
        received = student.call("uniform_limit", name, fan_in, fan_out)
        expect.close(received, math.sqrt(3 * wanted), f'uniform_limit("{name}", {fan_in}, {fan_out})', hints=hints)


@check(exercise="1", points=1)
def check_no_limit_for_normal(student: Student, rng: Generator) -> None:
    """uniform_limit raises ValueError for the normal initializers, and for one that it does not know."""
    uniform = str(rng.choice(UNIFORM_NAMES))
    for name in (str(rng.choice(NORMAL_NAMES)), str(rng.choice(["torch_uniform", "orthogonal"]))):
        expect.raises(student, "ValueError", "uniform_limit", name, 30, 20, answering=(uniform, 30, 20))


@check(exercise="1", points=4)
def check_default_kernel(student: Student, rng: Generator) -> None:
    """inspect_default_kernel draws Keras' default kernel and compares its variance with theory."""
    units, inputs = rng.choice(np.arange(80, 300), 2, replace=False).tolist()
    seeds = rng.choice(2**31, 2, replace=False).tolist()
    what = f"inspect_default_kernel({units}, {inputs}, …)"
    kernels = []
    for seed in (seeds[0], seeds[0], seeds[1]):
        received = student.call("inspect_default_kernel", units, inputs, seed)
        found = expect.mapping(received, ("kernel", "empirical_variance", "theoretical_variance"), what)
        kernels.append(expect.array(found["kernel"], (inputs, units), f'{what}["kernel"]'))
        expect.close(found["empirical_variance"], float(kernels[-1].var()), f'{what}["empirical_variance"]', rtol=1e-3)
        theory = variance("glorot", inputs, units)
        hints = _variance_hints("glorot_uniform", inputs, units)
        expect.close(found["theoretical_variance"], theory, f'{what}["theoretical_variance"]', hints=hints)
    expect_kernel(kernels[0], "glorot_uniform", T("The kernel"), comparisons=2)
    expect_kernel(kernels[2], "glorot_uniform", T("The kernel"), comparisons=2)
    if not np.array_equal(kernels[0], kernels[1]):
        raise Mismatch(T("The same seed gave two different kernels. Call keras.utils.set_random_seed(seed) first."))
    if np.array_equal(kernels[0], kernels[2]):
        raise Mismatch(T("Two different seeds gave the same kernel. Use the argument `seed`."))
