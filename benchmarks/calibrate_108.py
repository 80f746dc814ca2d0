"""How right work scatters where checks of lesson 108 look at training: the source of docs/calibration-108.md.

Networks are trained in NumPy (grader.mathematics) as the exercises say, with new images and new weights for each seed.
The bounds that checks use are compared with the scatter, in standard deviations.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from benchmarks.calibration import COLUMNS, Row, describe, options, scatter, write
from grader.checks.lesson_108_initialization import check_2_comparison as exercise_2
from grader.checks.lesson_108_initialization import check_4_tanh as exercise_4
from grader.checks.lesson_108_initialization import homework
from grader.checks.lesson_108_initialization.compared import BATCH_SIZE, RATE, UNITS
from grader.checks.lesson_108_initialization.images import training_images, validation_images
from grader.checks.lesson_108_initialization.protocol import LARGEST_FINAL_LOSS, PROTOCOL
from grader.judge.images import draw_images
from grader.lesson import ROOT
from grader.mathematics import network
from grader.mathematics.training import Data, Descent, Epoch, Recipe, train

DOCUMENT = ROOT / "docs" / "calibration-108.md"


def learning(seed: int) -> Row:
    """Exercise 2: how far Glorot and He end above the lower and below the upper bound, clean and noisy."""
    rng = np.random.default_rng([2, seed])
    distances: list[float] = []
    for span in exercise_2.NOISE:
        comparison = exercise_2.InitializerComparison(None, float(rng.uniform(*span)))
        data = Data(*draw_images(rng, exercise_2.TRAINING, exercise_2.VALIDATION, comparison.noise))
        for name in exercise_2.LEARNING:
            layers = network.new_network(UNITS, name, data.x.shape[1], rng)
            *_, last = train(layers, data, Recipe(Descent(RATE), batch_size=BATCH_SIZE), exercise_2.EPOCHS, rng)
            low, high = comparison.bounds(name)
            distances += [last.val_accuracy - low, high - last.val_accuracy]
    return tuple(distances)


def saturation(seed: int) -> Row:
    """Exercise 4: saturation per hidden layer of one network minus the mean that the check computes."""
    rng = np.random.default_rng([4, seed])
    arrays = exercise_4.faint_images(rng)
    x = (arrays[2] - arrays[0].mean()) / arrays[0].std()
    gaps: list[float] = []
    for name in exercise_4.NAMES:
        expected = exercise_4.expected_saturation(name, arrays, rng)
        found = network.hidden(network.new_network(UNITS, name, x.shape[1], rng), x, "tanh")
        gaps += [
            float(np.mean(np.abs(h) > exercise_4.THRESHOLD)) - wanted for h, wanted in zip(found, expected, strict=True)
        ]
    return tuple(gaps)


def homework_gap(seed: int) -> Row:
    """The homework in full: last accuracy of Glorot uniform, He uniform, He normal; largest norm ratio; last losses."""
    data, recipe = Data(*training_images(), *validation_images()), PROTOCOL.recipe
    accuracies, ratios, losses = [], [], []
    for name in PROTOCOL.initializers:
        last = last_epoch(name, data, recipe, seed)
        accuracies.append(last.val_accuracy)
        losses.append(last.val_loss)
        norms = homework.norms(last.layers)
        ratios.append(max(norms) / min(norms))
    return (*accuracies, max(ratios), *losses)


def last_epoch(name: str, data: Data, recipe: Recipe, seed: int) -> Epoch:
    """The homework's network after its epochs. Of one seed come the same uniform numbers, rescaled, as in Keras."""
    start = network.new_network(PROTOCOL.units, name, data.x.shape[1], np.random.default_rng([6, seed]))
    *_, last = train(start, data, recipe, PROTOCOL.epochs, np.random.default_rng(seed))
    return last


def document(seeds: int, trainings: int, jobs: int, before: str) -> str:
    """docs/calibration-108.md; without seeds or trainings that part stays as it was ``before``."""
    exercises, title, of_homework = before.partition(HOMEWORK_TITLE)
    if seeds:
        rows = [*_learning_rows(scatter(learning, seeds, jobs)), *_saturation_rows(scatter(saturation, seeds, jobs))]
        exercises = _table(HEADER.format(seeds=seeds), rows) + "\n"
    if trainings:
        found = _homework_rows(scatter(homework_gap, trainings, jobs))
        title, of_homework = HOMEWORK_TITLE, _table(HOMEWORK_HEADER.format(trainings=trainings), found)
    return exercises + title + of_homework


def _table(text: str, rows: Iterable[str]) -> str:
    return text + COLUMNS + "\n".join(rows) + "\n"


def _learning_rows(columns: list[list[float]]) -> Iterable[str]:
    sides = ("above its lower bound", "below its upper bound")
    names = [(labels, name, side) for labels in ("clean", "random") for name in exercise_2.LEARNING for side in sides]
    for (labels, name, side), column in zip(names, columns, strict=True):
        yield describe(f"108.2 {labels} labels, {name}: val_accuracy {side}", column, 0.0, math.inf)


def _saturation_rows(columns: list[list[float]]) -> Iterable[str]:
    layers = len(UNITS) - 1
    tolerance = exercise_4.SATURATION_TOLERANCE
    for index, column in enumerate(columns):
        name = f"108.4 saturation − expected, {exercise_4.NAMES[index // layers]}, layer {index % layers + 1}"
        yield describe(name, column, -tolerance, tolerance)


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

Written by `make calibrate` ({seeds} seeds for the exercises); do not edit.

Each row is one quantity that a check of lesson 108 compares with a bound. The last two columns say how many standard
deviations right work lies inside the nearer bound, and how often a normal law with this mean and standard deviation
crosses it. Checks on kernels need no calibration: their tolerances are proved (`grader.mathematics.sampling`).

"""

HOMEWORK_TITLE = "## The homework\n"

HOMEWORK_HEADER = """
From {trainings} full trainings of its three networks.

The gap is different in kind: 0.5 points are what the assignment asks, not a tolerance around it. Under the protocol
right work clears it by a few standard deviations, fewer than the other checks have in hand; the last column says how
rarely a normal law would fall short (the scatter leans the other way, to larger gaps). A student whose right training
falls short trains with another seed and hands that in.

"""


def main() -> None:
    """Measure and write the document."""
    parser = options(DOCUMENT)
    parser.add_argument(
        "--trainings",
        type=int,
        default=20,
        help="full trainings of the homework, four CPU minutes each; 0 keeps what the document says, as for --seeds",
    )
    chosen = parser.parse_args()
    before = chosen.out.read_text(encoding="utf-8") if chosen.out.exists() else ""
    write(chosen.out, lambda: document(chosen.seeds, chosen.trainings, chosen.jobs, before))


if __name__ == "__main__":
    main()
