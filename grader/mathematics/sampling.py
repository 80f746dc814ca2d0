"""How far a drawn kernel may be from its distribution: bounds with a stated probability, proved and not tuned.

For a kernel of n independent weights with mean 0 and variance σ², the mean of (w/σ)² is 1 with relative standard error
√((κ − 1)/n), κ the kurtosis. Where the distribution is bounded (uniform; normal truncated at two sigma) Bernstein's
inequality turns that into a tail bound; for the untruncated normal the χ² bound of Laurent and Massart does. The
distribution's shape is held to the Dvoretzky–Kiefer–Wolfowitz inequality with Massart's constant.

References: Boucheron, Lugosi and Massart (2013), Concentration Inequalities, theorem 2.10; Laurent and Massart (2000),
lemma 1; Massart (1990), The tight constant in the DKW inequality.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from grader.arrays import Array

FALSE_FAIL = 1e-6
"""Probability that a check rejects right work by bad luck, at most."""


_CUT = 2.0  # Keras' VarianceScaling truncates its normal here, in standard deviations of the untruncated one
_TRUNCATED_STD = 0.87962566103423978  # the standard deviation that this truncation leaves


@dataclass(frozen=True)
class Distribution:
    """A family with mean 0 and variance 1. ``bound`` is the largest |w| (infinite if there is none)."""

    name: str
    kurtosis: float
    bound: float
    cdf: Callable[[Array], Array]


def _normal_cdf(x: Array) -> Array:
    return np.interp(x, *_normal_table())


def _truncated_cdf(x: Array) -> Array:
    low = _normal_cdf(np.array(-_CUT))
    return np.asarray((_normal_cdf(np.clip(x * _TRUNCATED_STD, -_CUT, _CUT)) - low) / (1 - 2 * low))


def _uniform_cdf(x: Array) -> Array:
    return np.clip((x / math.sqrt(3) + 1) / 2, 0, 1)


@cache
def _normal_table() -> tuple[Array, Array]:
    """Points of Φ so close that the error of interpolating is below 1e-6: NumPy has no error function."""
    points = np.linspace(-8, 8, 8001)
    return points, np.array([0.5 * math.erfc(-x / math.sqrt(2)) for x in points])


UNIFORM = Distribution("uniform", 1.8, math.sqrt(3), _uniform_cdf)
TRUNCATED_NORMAL = Distribution("normal", 2.36554, _CUT / _TRUNCATED_STD, _truncated_cdf)
NORMAL = Distribution("normal", 3.0, math.inf, _normal_cdf)


def variance_tolerance(distribution: Distribution, n: int, false_fail: float = FALSE_FAIL) -> float:
    """The t with P(|mean((w/σ)²) − 1| > t) ≤ ``false_fail`` for n weights, relative to the true variance."""
    log = math.log(2 / false_fail)
    if math.isinf(distribution.bound):
        return 2 * math.sqrt(log / n) + 2 * log / n
    spread, largest = distribution.kurtosis - 1, distribution.bound**2 - 1
    slope = largest * log / (3 * n)
    return slope + math.sqrt(slope**2 + 2 * spread * log / n)


def cdf_tolerance(n: int, false_fail: float = FALSE_FAIL) -> float:
    """The ε with P(sup |Fₙ − F| > ε) ≤ ``false_fail`` for n draws, whatever the distribution."""
    return math.sqrt(math.log(2 / false_fail) / (2 * n))


def cdf_distance(weights: Array, std: float, distribution: Distribution) -> float:
    """The largest gap between the weights' empirical distribution and ``distribution`` scaled to ``std``."""
    ordered = np.sort(weights, axis=None).astype(np.float64) / std
    theory = distribution.cdf(ordered)
    steps = np.arange(ordered.size + 1) / ordered.size
    return float(max(np.max(theory - steps[:-1]), np.max(steps[1:] - theory)))
