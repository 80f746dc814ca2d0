"""Whether a kernel was drawn from the law that it should follow, up to tolerances with a proved bound."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from grader.arrays import Array
from grader.judge.check import Mismatch
from grader.language.messages import T, Text
from grader.mathematics.initializers import SCHEMES, Law, law
from grader.mathematics.sampling import FALSE_FAIL, TRUNCATED_NORMAL, cdf_distance, cdf_tolerance, variance_tolerance


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
