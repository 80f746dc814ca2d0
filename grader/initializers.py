"""Keras' initializers as the judge knows them: variance, shape of the distribution, and draws of its own.

References: Glorot and Bengio (2010); He et al. (2015), eq. 10; LeCun et al. (1998); Keras' ``VarianceScaling``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.check import Mismatch
from grader.messages import T, Text
from grader.randomness import Generator
from grader.sampling import (
    FALSE_FAIL,
    NORMAL,
    TRUNCATED_NORMAL,
    UNIFORM,
    Distribution,
    cdf_distance,
    cdf_tolerance,
    variance_tolerance,
)

SCHEMES = ("glorot", "he", "lecun")
FORMS = {"uniform": UNIFORM, "normal": TRUNCATED_NORMAL}
NAMES = tuple(f"{scheme}_{form}" for scheme in SCHEMES for form in FORMS)


@dataclass(frozen=True)
class Law:
    """What a kernel's weights should follow."""

    name: str
    variance: float
    distribution: Distribution

    @property
    def largest(self) -> float:
        """The largest |w| that can occur."""
        return math.sqrt(self.variance) * self.distribution.bound


def variance(scheme: str, fan_in: int, fan_out: int) -> float:
    """Glorot 2/(fan_in + fan_out), He 2/fan_in, LeCun 1/fan_in, and PyTorch's default 1/(3 fan_in)."""
    variances = {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in, "torch": 1 / (3 * fan_in)}
    return variances[scheme]


def law(name: str, fan_in: int, fan_out: int) -> Law:
    """The law of a kernel drawn by the Keras initializer ``name``."""
    scheme, _, form = name.partition("_")
    return Law(name, variance(scheme, fan_in, fan_out), FORMS[form])


def random_normal(stddev: float) -> Law:
    """The law of Keras' ``RandomNormal``, which does not truncate."""
    return Law("random_normal", stddev**2, NORMAL)


def draw(name: str, fan_in: int, fan_out: int, rng: Generator) -> Array:
    """A kernel ``(fan_in, fan_out)`` as the initializer ``name`` draws it, float32."""
    wanted = law(name, fan_in, fan_out)
    if wanted.distribution is UNIFORM:
        return rng.uniform(-wanted.largest, wanted.largest, (fan_in, fan_out)).astype(np.float32)
    z = rng.standard_normal((fan_in, fan_out))
    while (outside := np.abs(z) > 2).any():
        z[outside] = rng.standard_normal(int(outside.sum()))
    return (z * wanted.largest / 2).astype(np.float32)


def expect_kernel(kernel: Array, name: str, what: Text, comparisons: int = 1) -> None:
    """The kernel ``(fan_in, fan_out)`` was drawn by the initializer ``name``: variance, range and shape.

    Args:
        kernel: weights of shape ``(fan_in, fan_out)``.
        name: one of ``NAMES``.
        what: how the message calls the kernel.
        comparisons: kernels that the same check looks at; they share its probability of a false failure.

    """
    others = [
        (law(f"{scheme}_normal", *kernel.shape), T(" Yours is the variance of {scheme}.", scheme=scheme.capitalize()))
        for scheme in SCHEMES
    ]
    expect_law(kernel, law(name, *kernel.shape), what, comparisons, others)


def expect_law(
    kernel: Array, wanted: Law, what: Text, comparisons: int = 1, hints: Sequence[tuple[Law, Text]] = ()
) -> None:
    """The kernel ``(fan_in, fan_out)`` follows a law: variance, range and shape.

    Args:
        kernel: weights of shape ``(fan_in, fan_out)``.
        wanted: what they should follow.
        what: how the message calls the kernel.
        comparisons: kernels that the same check looks at; they share its probability of a false failure.
        hints: laws of known mistakes and what to say where the kernel has the variance of one of them.

    """
    with np.errstate(over="ignore"):  # infinite is far enough from any variance
        found = float(np.mean(np.square(kernel, dtype=np.float64)))
    false_fail = FALSE_FAIL / comparisons / 2  # variance and shape are two chances to fail
    tolerance = variance_tolerance(wanted.distribution, kernel.size, false_fail)
    if abs(found / wanted.variance - 1) > tolerance:
        raise Mismatch(
            T(
                "{what}: its variance is {found}, and {name} draws with {expected} (±{tolerance}).{hint}",
                what=what,
                found=f"{found:.4g}",
                name=wanted.name,
                expected=f"{wanted.variance:.4g}",
                tolerance=f"{tolerance:.1%}",
                hint=_hint(hints, found, kernel.size),
            )
        )
    outside = float(np.abs(kernel).max()) > wanted.largest * (1 + 1e-4)
    distance = cdf_distance(kernel, math.sqrt(wanted.variance), wanted.distribution)
    if outside or distance > cdf_tolerance(kernel.size, false_fail):
        raise Mismatch(
            T(
                "{what}: the variance is right, but the weights do not have the shape of {name}.",
                what=what,
                name=wanted.name,
            )
        )


def _hint(hints: Sequence[tuple[Law, Text]], found: float, size: int) -> Text:
    """What to say of a variance that one of the laws has, if one stands out."""
    tolerance = variance_tolerance(TRUNCATED_NORMAL, size)
    near = [text for each, text in hints if abs(found / each.variance - 1) <= tolerance]
    return near[0] if len(near) == 1 else Text("")
