"""Whether bars are the histogram of some values, whatever its bins and its normalisation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from grader.arrays import Array
from grader.wire.values import BarsFacts

MIN_BARS = 6
"""Fewer hardly tell one distribution from another. Matplotlib draws 10, and NumPy's rules at least 7 of 480 values."""
EDGE = 1e-5  # of the values' range: how far an edge may be from where it was meant, in float32
MIN_WIDTH = 0.02  # of a bin: a thinner bar is a stroke, whose place is not that of a bin
ASIDE = (0.0, 0.5, -0.5)  # of a bin: how far a bar stands to the right of it, "left" and "right" being ways to align
COUNT = 0.1  # of one value: what weights in float32 lose


def is_histogram(drawn: Sequence[BarsFacts], values: Array, fewest: int = MIN_BARS) -> bool:
    """Whether one call's bars, or those of all calls together, show how the values are distributed.

    Heights may be counts, fractions, percentages or a density, and the bars may stand or lie, with gaps or without.

    Args:
        drawn: the bars of one axes.
        values: of any shape.
        fewest: bars that a histogram has at least.

    """
    groups = [_rectangles(bars) for bars in drawn]
    together = [np.concatenate(groups, axis=1)] if len(groups) > 1 else []
    with np.errstate(all="ignore"):  # what a student sends may be of any size
        return any(
            _matches(start, width, length, np.sort(values, axis=None).astype(float))
            for left, bottom, across, up in (*groups, *together)
            for start, width, length in ((left, across, up), (bottom, up, across))
            if len(left) >= fewest
        )


def _rectangles(bars: BarsFacts) -> Array:
    """Lefts, bottoms, widths and heights, ``(4, bars)``; none where their numbers differ or are no numbers."""
    columns = (bars.left, bars.bottom, bars.width, bars.height)
    if len({len(column) for column in columns}) != 1 or not np.isfinite(columns).all():
        return np.empty((4, 0))
    return np.array(columns, float)


def _matches(start: Array, width: Array, length: Array, values: Array) -> bool:
    order = np.argsort(start)
    edges = _edges(start[order], width[order])
    if not width.mean() >= MIN_WIDTH * np.diff(edges).mean():
        return False
    return any(_counts_values(edges + aside * np.diff(edges).mean(), length[order], values) for aside in ASIDE)


def _counts_values(edges: Array, length: Array, values: Array) -> bool:
    slack = EDGE * (values[-1] - values[0])
    fewest = np.searchsorted(values, edges - slack, "left")
    most = np.searchsorted(values, edges + slack, "right")
    if fewest[0] > 0 or most[-1] < len(values):
        return False
    counted = (np.append(0, counts.cumsum()) for counts in _counts(length, np.diff(edges), len(values)))
    return any(
        bool(np.all((fewest - COUNT <= sums) & (sums <= most + COUNT)) and sums[-1] >= len(values) - COUNT)
        for sums in counted
    )


def _edges(start: Array, width: Array) -> Array:
    """The edges of the bins: between two bars with a gap its middle, and at the ends as far out as there."""
    ends = start + width
    gaps = (start[1:] - ends[:-1]) / 2
    first, last = (gaps[0], gaps[-1]) if len(gaps) else (0, 0)
    return np.concatenate([[start[0] - first], ends[:-1] + gaps, [ends[-1] + last]])


def _counts(length: Array, width: Array, total: int) -> Iterator[Array]:
    """What the lengths of the bars say of the number of values in each bin: as counts, shares, per cent, density."""
    yield length
    yield length * total
    yield length * total / 100
    yield length * width * total
