"""How right work scatters where checks of lesson 109 allow for it: the source of docs/calibration-109.md.

Histories are not among it: a training is replayed from its own weights and batches, to the same losses.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from benchmarks.calibration import COLUMNS, Row, describe, options, scatter, write
from grader.checks.lesson_109_activations import check_1_data as data
from grader.checks.lesson_109_activations import check_4_derivatives as derivatives
from grader.checks.lesson_109_activations import check_5_symmetry as symmetry
from grader.checks.lesson_109_activations import clouds
from grader.checks.lesson_109_activations.propagation import backward_factor
from grader.checks.lesson_109_activations.recipes import SCHEMES
from grader.lesson import ROOT
from grader.mathematics.initializers import draw
from grader.mathematics.training import Data, train

DOCUMENT = ROOT / "docs" / "calibration-109.md"
# Of the stacks that the check may ask for, the narrowest, with as many layers as there may be.
DEPTH, WIDTH = 6, 96
STACKS = (
    *(("sigmoid", scheme) for scheme in SCHEMES),
    *((activation, scheme) for activation in ("tanh", "elu", "selu") for scheme in ("he", "torch_default")),
    *((activation, "torch_default") for activation in ("relu", "leaky_relu")),
)


def factors(seed: int) -> Row:
    """Exercise 4: the mean logarithm of a student's factors minus the mean that the check computes, for each stack."""
    rng, gaps = np.random.default_rng([4, seed]), []
    for activation, scheme in STACKS:
        logarithms = [
            math.log(backward_factor(activation, SCHEMES[scheme], DEPTH, WIDTH, rng))
            for _ in range(derivatives.SEEDS + derivatives.DRAWS)
        ]
        gaps.append(float(np.mean(logarithms[: derivatives.SEEDS]) - np.mean(logarithms[derivatives.SEEDS :])))
    return tuple(gaps)


def moons(seed: int) -> Row:
    """Exercise 1: the spread of 800 moons across their arcs."""
    x, y, _, _ = clouds.draw_moons(np.random.default_rng([1, seed]), 800, 1)
    return (clouds.radial_spread(clouds.unfold(x, y)),)


def he_square(seed: int) -> Row:
    """Exercise 5: the mean square of the first kernel, started by He, after training on moons."""
    rng = np.random.default_rng([5, seed])
    sizes = (2, symmetry.WIDTH, symmetry.WIDTH, 2)
    start = [(draw("he_uniform", *shape, rng), np.zeros(shape[1], np.float32)) for shape in pairwise(sizes)]
    *_, last = train(start, Data(*clouds.draw_moons(rng, 640, 160)), symmetry.RECIPE, symmetry.EPOCHS, rng)
    return (float(np.square(last.layers[0][0]).mean()),)


def document(seeds: int, jobs: int) -> str:
    """docs/calibration-109.md."""
    low, high = data.SPREAD - data.SPREAD_TOLERANCE, data.SPREAD + data.SPREAD_TOLERANCE
    rows = [describe("109.1 moons: spread across the arcs", *scatter(moons, seeds, jobs), low, high)]
    tolerance = derivatives.TOLERANCE
    for (activation, scheme), column in zip(STACKS, scatter(factors, seeds, jobs), strict=True):
        name = f"109.4 ln(backward factor) − expected, {activation} + {scheme}"
        rows.append(describe(name, column, -tolerance, tolerance))
    (squares,) = scatter(he_square, seeds, jobs)
    bounds = symmetry.LOWEST_SQUARE, symmetry.LARGEST_SQUARE
    rows.append(describe("109.5 mean square of He's first kernel after training", squares, *bounds))
    return HEADER.format(seeds=seeds) + COLUMNS + "\n".join(rows) + "\n"


HEADER = """# Calibration of the checks of lesson 109

Written by `make calibrate` ({seeds} seeds); do not edit.

Each row is one quantity that a check of lesson 109 compares with a bound. The last two columns say how many standard
deviations right work lies inside the nearer bound, and how often a normal law with this mean and standard deviation
crosses it. Kernels, class means and distributions need no calibration: their tolerances are proved. Nor do histories:
the judge trains again from the same weights in the same order and comes to the same losses up to float32 rounding, of
which the checks allow more than two thousand times as much as was seen.

"""


def main() -> None:
    """Measure and write the document."""
    chosen = options(DOCUMENT).parse_args()
    write(chosen.out, lambda: document(chosen.seeds, chosen.jobs))


if __name__ == "__main__":
    main()
