"""How right work scatters where checks of lesson 107 look at training: the source of docs/calibration-107.md.

The judge's own trainings (grader.mathematics) and its checks' signals stand for a student's, with new data and
new weights for each seed. What the checks hold them to is computed as the checks do, and compared with their bounds.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np

from benchmarks.calibration import COLUMNS, Row, describe, options, scatter, write
from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth import check_2_comparison as exercise_2
from grader.checks.lesson_107_losses_and_depth import check_3_scaling as exercise_3
from grader.checks.lesson_107_losses_and_depth import check_4_vanishing_recipes as exercise_4
from grader.checks.lesson_107_losses_and_depth import check_5_signal as exercise_5
from grader.checks.lesson_107_losses_and_depth import signals
from grader.checks.lesson_107_losses_and_depth.check_3_parity import DEEP_LAYERS, DEEP_WIDTH, SHALLOW_WIDTH
from grader.judge.images import draw_images
from grader.lesson import ROOT
from grader.mathematics import losses, network
from grader.mathematics.training import Adam, Data, Recipe, train
from grader.randomness import Generator

DOCUMENT = ROOT / "docs" / "calibration-107.md"
PARITY_NETWORKS = {"shallow": (SHALLOW_WIDTH, 1), "deep": (*[DEEP_WIDTH] * DEEP_LAYERS, 1)}


def loss_gaps(seed: int) -> Row:
    """Exercise 2: ln(val_loss) and accuracy minus what the check expects; clean minus random accuracy at the end."""
    rng, gaps, reached = np.random.default_rng([2, seed]), [], []
    for span in exercise_2.NOISE:
        arrays = draw_images(rng, exercise_2.TRAINING, exercise_2.VALIDATION, float(rng.uniform(*span)))
        for name in exercise_2.NAMES:
            found, wanted = exercise_2.train_once(name, arrays, rng), exercise_2.expected(name, arrays, rng)
            gaps.append(math.log(found[-1].val_loss / wanted["val_loss"][-1]))
        gaps.append(found[-1].val_accuracy - wanted["val_accuracy"][-1])
        reached.append(found[-1].val_accuracy)
    return (*gaps, reached[0] - reached[1])


def parity_mean(seed: int) -> Row:
    """Exercise 3: the mean of the test accuracies of both networks for both sizes."""
    rng, accuracies = np.random.default_rng([3, seed]), []
    for bits in exercise_3.SIZES:
        x = (rng.permutation(1 << bits)[:, None] >> np.arange(bits)) & 1
        accuracies += _test_accuracies(x, x.sum(axis=1) % 2 == 0, rng)
    return (float(np.mean(accuracies)),)


def labelled_gap(seed: int) -> Row:
    """Exercise 3: how far an accuracy lies, at most, from what the share of wrong test labels leaves."""
    rng, gaps = np.random.default_rng([3, 1, seed]), []
    for bits, wrong in zip(exercise_3.SIZES, exercise_3.wrong_shares(rng), strict=True):
        (x, y), share = exercise_3.labelled(rng, bits, wrong)
        gaps += [abs(accuracy - share) for accuracy in _test_accuracies(x, y, rng)]
    return (max(gaps),)


def _test_accuracies(x: Array, y: Array, rng: Generator) -> list[float]:
    """Of both networks, trained on the first four fifths of the strings and tested on the others."""
    x, y, cut = x.astype(np.float32), y[:, None].astype(np.float32), 4 * len(x) // 5
    data, recipe = Data(x[:cut], y[:cut], x[cut:], y[cut:]), Recipe(Adam(3e-3), losses.BINARY_CROSS_ENTROPY)
    accuracies = []
    for units in PARITY_NETWORKS.values():
        start = network.new_network(units, "he_normal", x.shape[1], rng)
        *_, last = train(start, data, recipe, exercise_3.EPOCHS, rng)
        accuracies.append(last.val_accuracy)
    return accuracies


def recipe_gaps(seed: int) -> Row:
    """Exercise 4: the sigmoid network's accuracy minus the frequent class's share; ReLU's minus what is expected."""
    rng = np.random.default_rng([4, seed])
    arrays = exercise_4.draw_data(rng)
    share = float((arrays[3] == np.bincount(arrays[1]).argmax()).mean())
    learned = [
        exercise_4.train_once(name, arrays, rng) - exercise_4.expected(name, arrays, rng)
        for name in ("relu", "relu_he")
    ]
    return (exercise_4.train_once("sigmoid", arrays, rng) - share, *learned)


def signal_shares(seed: int) -> Row:
    """Exercise 5: how much of its tolerance each layer's ln(std) uses, for every initializer and both profiles."""
    rng, shares = np.random.default_rng([5, seed]), []
    for name in exercise_5.INITIALIZERS:
        wanted = exercise_5.expected(name, rng)
        found = signals.probe(name, exercise_5.DEPTH, exercise_5.WIDTH, exercise_5.INPUTS, rng)
        for key in exercise_5.KEYS:
            gaps = np.log(getattr(found, key)) - wanted[key]
            shares += [gap / exercise_5.tolerance(key, layer) for layer, gap in enumerate(gaps.tolist(), start=1)]
    return tuple(shares)


def document(seeds: int, jobs: int) -> str:
    """docs/calibration-107.md."""
    rows = [
        *_loss_rows(scatter(loss_gaps, seeds, jobs)),
        describe(
            "107.3 mean of the four test accuracies",
            *scatter(parity_mean, seeds, jobs),
            -math.inf,
            exercise_3.LARGEST_MEAN,
        ),
        describe(
            "107.3 labels of one bit: largest distance from the expected accuracy",
            *scatter(labelled_gap, seeds, jobs),
            -math.inf,
            exercise_3.LABELLED_TOLERANCE,
        ),
        *_recipe_rows(scatter(recipe_gaps, seeds, jobs)),
        *_signal_rows(scatter(signal_shares, seeds, jobs)),
    ]
    return HEADER.format(seeds=seeds) + COLUMNS + "\n".join(rows) + "\n"


def _loss_rows(columns: list[list[float]]) -> Iterable[str]:
    left = iter(columns)
    for labels, kind in (("clean", 0), ("random", 1)):
        for name in exercise_2.NAMES:
            bound = exercise_2.TOLERANCES[name][kind]
            yield describe(f"107.2 {labels} labels, {name}: ln(val_loss) − expected", next(left), -bound, bound)
        bound = exercise_2.ACCURACY_TOLERANCES[kind]
        yield describe(f"107.2 {labels} labels, cross_entropy: val_accuracy − expected", next(left), -bound, bound)
    yield describe("107.2 accuracy with clean − with random labels", next(left), exercise_2.SMALLEST_GAP, math.inf)


def _recipe_rows(columns: list[list[float]]) -> Iterable[str]:
    for name, column in zip(exercise_4.RECIPES, columns, strict=True):
        bound = exercise_4.TOLERANCES[name]
        yield describe(f"107.4 {name}: accuracy − expected", column, -bound, bound)


def _signal_rows(columns: list[list[float]]) -> Iterable[str]:
    depth = exercise_5.DEPTH
    for index, column in enumerate(columns):
        layer = index % depth + 1
        if layer in (1, 2, depth // 2 + 1, depth - 1, depth):
            profile = index // depth
            name, key = exercise_5.INITIALIZERS[profile // 2], exercise_5.KEYS[profile % 2]
            yield describe(f"107.5 {name}, {key}, layer {layer}: gap of ln(std) / its tolerance", column, -1.0, 1.0)


HEADER = """# Calibration of the checks of lesson 107 that look at training

Written by `make calibrate` ({seeds} seeds); do not edit.

Each row is one quantity that a check of lesson 107 compares with a bound. The last two columns say how many standard
deviations right work lies inside the nearer bound, and how often a normal law with this mean and standard deviation
crosses it. What is not here is arithmetic, or has a proved tolerance (`grader.mathematics.sampling`). A standard
deviation of 0.0000 is what was measured: the deep sigmoid network gave one class to every image, whatever the seed.

"""


def main() -> None:
    """Measure and write the document."""
    chosen = options(DOCUMENT).parse_args()
    write(chosen.out, lambda: document(chosen.seeds, chosen.jobs))


if __name__ == "__main__":
    main()
