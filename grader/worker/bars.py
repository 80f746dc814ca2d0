"""The bars of a Matplotlib axes, however they were drawn: rectangles one by one or together, outlines of histograms."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from typing import Any

import numpy as np
from matplotlib.patches import Patch, Polygon, Rectangle, StepPatch

from grader.arrays import Array

Drawn = tuple[list[Any], Array]


def bars_in(axes: Any) -> list[Drawn]:
    """What each call drew, in order: the patches, and ``(4, bars)`` with lefts, bottoms, widths and heights."""
    calls = {patch: number for number, container in enumerate(axes.containers) for patch in container.get_children()}
    found: list[Drawn] = []
    for _, together in groupby(enumerate(axes.patches), key=lambda each: calls.get(each[1], -1 - each[0])):
        patches = [patch for _, patch in together]
        corners = [*_corners(patches)]
        found += [(patches, np.array(corners, float).T)] if corners else []
    return found


def _corners(patches: list[Patch]) -> Iterator[tuple[float, ...]]:
    for patch in patches:
        if isinstance(patch, Rectangle):
            yield *Rectangle.get_xy(patch), Rectangle.get_width(patch), Rectangle.get_height(patch)
        elif isinstance(patch, StepPatch):
            yield from _of_stairs(patch)
        elif isinstance(patch, Polygon):
            yield from _of_outline(Polygon.get_xy(patch))


def _of_stairs(patch: StepPatch) -> Iterator[tuple[float, ...]]:
    values, edges, baseline = StepPatch.get_data(patch)
    bases = np.broadcast_to(0 if baseline is None else baseline, np.shape(values))
    standing = patch.orientation == "vertical"
    for start, end, base, top in zip(edges[:-1], edges[1:], bases, values, strict=True):
        yield (start, base, end - start, top - base) if standing else (base, start, top - base, end - start)


def _of_outline(corners: Array) -> Iterator[tuple[float, ...]]:
    """The bars of ``histtype="step"``, whose line goes along their tops, or "stepfilled", whose line comes back."""
    there = corners[: (len(corners) + 3) // 2] if np.array_equal(corners[0], corners[-1]) else corners
    starts, ends = there[1:-1:2], there[2::2][: len(there[1:-1:2])]
    for (x, y), (right, top) in zip(starts, ends, strict=True):
        if y == top:
            yield x, corners[0, 1], right - x, top - corners[0, 1]
        elif x == right:
            yield corners[0, 0], y, right - corners[0, 0], top - y
