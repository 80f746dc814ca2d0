"""How right work scatters where checks of lesson 107 look at signals: the source of docs/calibration-107.md.

The checks' own signals stand for a student's, with new data and new weights for each seed. What
the checks hold them to is computed as the checks do, and compared with their bounds.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from benchmarks.calibration import COLUMNS, Row, describe, options, scatter, write
from grader.checks.lesson_107_losses_and_depth import check_5_signal as exercise_5
from grader.checks.lesson_107_losses_and_depth import signals
from grader.lesson import ROOT

DOCUMENT = ROOT / "docs" / "calibration-107.md"


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
        *_signal_rows(scatter(signal_shares, seeds, jobs)),
    ]
    return HEADER.format(seeds=seeds) + COLUMNS + "\n".join(rows) + "\n"


def _signal_rows(columns: list[list[float]]) -> Iterable[str]:
    depth = exercise_5.DEPTH
    for index, column in enumerate(columns):
        layer = index % depth + 1
        if layer in (1, 2, depth // 2 + 1, depth - 1, depth):
            profile = index // depth
            name, key = exercise_5.INITIALIZERS[profile // 2], exercise_5.KEYS[profile % 2]
            yield describe(f"107.5 {name}, {key}, layer {layer}: gap of ln(std) / its tolerance", column, -1.0, 1.0)


HEADER = """# Calibration of the checks of lesson 107 that look at signals

Written by `make calibrate` ({seeds} seeds); do not edit.

Each row is one quantity that a check of lesson 107 compares with a bound. The last two columns say how many standard
deviations right work lies inside the nearer bound, and how often a normal law with this mean and standard deviation
crosses it. What is not here is arithmetic, or has a proved tolerance (`grader.mathematics.sampling`).

"""


def main() -> None:
    """Measure and write the document."""
    chosen = options(DOCUMENT).parse_args()
    write(chosen.out, lambda: document(chosen.seeds, chosen.jobs))


if __name__ == "__main__":
    main()
