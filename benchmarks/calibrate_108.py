"""How right work scatters where checks of lesson 108 look at training: the source of docs/calibration-108.md.

The homework's networks are trained in NumPy (grader.mathematics) as it says, with new weights for each seed. The bounds
that checks use are compared with the scatter, in standard deviations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from benchmarks.calibration import COLUMNS, Row, describe, options, scatter, write
from grader.checks.lesson_108_initialization.homework_file import claimed
from grader.checks.lesson_108_initialization.homework_file.images import training_images, validation_images
from grader.checks.lesson_108_initialization.homework_file.protocol import LARGEST_FINAL_LOSS, PROTOCOL
from grader.lesson import ROOT
from grader.mathematics import network
from grader.mathematics.training import Data, Epoch, Recipe, train

DOCUMENT = ROOT / "docs" / "calibration-108.md"


def homework_gap(seed: int) -> Row:
    """The homework in full: last accuracy of Glorot uniform, He uniform, He normal; largest norm ratio; last losses."""
    data, recipe = Data(*training_images(), *validation_images()), PROTOCOL.recipe
    accuracies, ratios, losses = [], [], []
    for name in PROTOCOL.initializers:
        last = last_epoch(name, data, recipe, seed)
        accuracies.append(last.val_accuracy)
        losses.append(last.val_loss)
        norms = claimed.norms(last.layers)
        ratios.append(max(norms) / min(norms))
    return (*accuracies, max(ratios), *losses)


def last_epoch(name: str, data: Data, recipe: Recipe, seed: int) -> Epoch:
    """The homework's network after its epochs. Of one seed come the same uniform numbers, rescaled, as in Keras."""
    start = network.new_network(PROTOCOL.units, name, data.x.shape[1], np.random.default_rng([6, seed]))
    *_, last = train(start, data, recipe, PROTOCOL.epochs, np.random.default_rng(seed))
    return last


def document(trainings: int, jobs: int) -> str:
    """docs/calibration-108.md."""
    rows = _homework_rows(scatter(homework_gap, trainings, jobs))
    return HEADER.format(trainings=trainings) + COLUMNS + "\n".join(rows) + "\n"


def _homework_rows(columns: list[list[float]]) -> Iterable[str]:
    glorot, he_uniform, he_normal, ratios, *losses = columns
    for name, column in (("He uniform", he_uniform), ("He normal", he_normal)):
        yield describe(
            f"108.homework {name} − Glorot uniform",
            [h - g for h, g in zip(column, glorot, strict=True)],
            PROTOCOL.min_gap / 100,
            math.inf,
        )
    best = [max(u, n) - g for g, u, n in zip(glorot, he_uniform, he_normal, strict=True)]
    yield describe("108.homework best He − Glorot uniform", best, PROTOCOL.min_gap / 100, math.inf)
    yield describe("108.homework largest ratio of kernel norms", ratios, 1.0, PROTOCOL.max_norm_ratio)
    for name, column in zip(PROTOCOL.initializers, losses, strict=True):
        yield describe(f"108.homework last val_loss, {name}", column, 0.0, LARGEST_FINAL_LOSS.of(name))


HEADER = """# Calibration of the checks of lesson 108 that look at training

Written by `make calibrate`; do not edit.

Each row is one quantity that a check of the homework compares with a bound. The last two columns say how many standard
deviations right work lies inside the nearer bound, and how often a normal law with this mean and standard deviation
crosses it. Checks on kernels need no calibration: their tolerances are proved (`grader.mathematics.sampling`). Nor do
the exercises' trainings: the judge does them again from the student's weights.

## The homework

From {trainings} full trainings of its three networks.

The gap is different in kind: 0.5 points are what the assignment asks, not a tolerance around it. Under the protocol
right work clears it by a few standard deviations, fewer than the other checks have in hand; the last column says how
rarely a normal law would fall short (the scatter leans the other way, to larger gaps). A student whose right training
falls short trains with another seed and hands that in.

"""


def main() -> None:
    """Measure and write the document."""
    parser = options(DOCUMENT)
    parser.set_defaults(seeds=20)  # full trainings of the homework, four CPU minutes each
    chosen = parser.parse_args()
    write(chosen.out, lambda: document(chosen.seeds, chosen.jobs))


if __name__ == "__main__":
    main()
