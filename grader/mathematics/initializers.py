"""Keras' initializers as the judge knows them: variance, shape of the distribution, and draws of its own.

References: Glorot and Bengio (2010); He et al. (2015), eq. 10; LeCun et al. (1998); Keras' ``VarianceScaling``.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.mathematics.sampling import NORMAL, TRUNCATED_NORMAL, UNIFORM, Distribution
from grader.randomness import Generator

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
