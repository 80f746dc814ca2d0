"""The two data sets of lesson 109 as the judge knows them: their law, and draws of its own.

Blobs: as many points of each class, N(0, 1) in each coordinate around CENTRES. Moons: with t uniform on [0, π], class 0
lies at (cos t, sin t) and class 1 at SHIFT - (cos t, sin t), plus N(0, NOISE²) in each coordinate.
"""

from __future__ import annotations

import math

import numpy as np

from grader.arrays import Array
from grader.mathematics.sampling import NORMAL, Distribution
from grader.randomness import Generator

CENTRES = ((-2.0, -2.0), (2.0, 2.0))
NOISE = 0.2
SHIFT = (1.0, 0.5)  # class 1 is class 0 turned around half of this point
MOON_MEANS = ((0.0, 2 / math.pi), (1.0, 0.5 - 2 / math.pi))


def draw_moons(rng: Generator, n_train: int, n_val: int, wrong: float = 0.0) -> list[Array]:
    """The arrays of a ``kit.Dataset`` of moons, mixed.

    Args:
        rng: draws everything.
        n_train: examples in x_train ``(n_train, 2)`` and y_train ``(n_train,)``.
        n_val: examples in x_val and y_val.
        wrong: share of the labels that is replaced by classes drawn at random.

    """
    n = n_train + n_val
    y = rng.integers(0, 2, n)
    x = unfold(_arc(rng.uniform(0, np.pi, n)) + NOISE * rng.standard_normal((n, 2)), y)
    drawn = rng.random(n) < wrong
    y[drawn] = rng.integers(0, 2, int(drawn.sum()))
    x, y = x.astype(np.float32), y.astype(np.int32)
    return [x[:n_train], y[:n_train], x[n_train:], y[n_train:]]


def unfold(points: Array, labels: Array) -> Array:
    """Turn the points ``(n, 2)`` of class 1 from the first moon onto the second, or back: it is its own inverse."""
    return np.where(labels[:, None] == 1, np.array(SHIFT) - points, points)


def _arc(t: Array) -> Array:
    return np.stack([np.cos(t), np.sin(t)], axis=1)


def moon_coordinate(axis: int) -> Distribution:
    """The law of one coordinate of class 0, cos t or sin t plus the noise: only its distribution function.

    That is the mean of the normal one over t, on a grid so fine that it is right to 1e-5.
    """
    t = (np.arange(2000) + 0.5) * np.pi / 2000
    table = np.linspace(-3, 3, 1201)
    arc = _arc(t)[:, axis]
    heights = np.array([float(NORMAL.cdf((u - arc) / NOISE).mean()) for u in table])
    return Distribution("moons", math.nan, math.inf, lambda u: np.interp(u, table, heights))


def radial_spread(points: Array) -> float:
    """The root mean square of the distance from the arc's circle, for points of class 0 ``(n, 2)``."""
    return math.sqrt(float(np.square(np.hypot(*points.T) - 1).mean()))
