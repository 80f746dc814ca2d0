"""A Matplotlib figure as pixels, and what of it changes when something is not drawn."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import RendererAgg
from matplotlib.figure import Figure
from matplotlib.legend import Legend
from matplotlib.text import Text

from grader.arrays import Array

MAX_DPI, MAX_PIXELS = 72, 2**19
MAX_DEPTH = 6
FAINT = 1 / 255  # a step of an 8-bit channel


class Rendering:
    """A figure that was drawn, with its words hidden: they are most of the time, and may need a LaTeX that is not here.

    Raises:
        Exception: of any kind, when the figure cannot be drawn.

    """

    def __init__(self, figure: Figure) -> None:
        self.figure = figure
        self.words = [part for part in _parts(figure, 0) if _is_word(part)]
        self.shown = self._drawn(())

    def differences(self, artists: Sequence[Any]) -> Array:
        """By how much each pixel changes at most when the artists are not drawn, in [0, 1], ``(rows, columns)``."""
        return np.asarray(np.abs(self.shown - self._drawn(artists)).max(axis=-1))

    def _drawn(self, without: Iterable[Any]) -> Array:
        """The figure on white paper, ``(rows, columns, 3)``."""
        width, height = Figure.get_size_inches(self.figure)
        dpi = min(MAX_DPI, math.sqrt(MAX_PIXELS / (width * height)))
        with _invisible([*self.words, *without]), _resolution(self.figure, dpi):
            renderer: Any = RendererAgg(math.ceil(width * dpi), math.ceil(height * dpi), dpi)  # type: ignore[no-untyped-call]  # of Matplotlib
            Figure.draw(self.figure, renderer)
        rgba = np.asarray(renderer.buffer_rgba(), np.float32) / 255
        return rgba[..., :3] * rgba[..., 3:] + 1 - rgba[..., 3:]


def _parts(artist: Any, depth: int) -> Iterator[Any]:
    for part in artist.get_children() if depth < MAX_DEPTH and not _is_word(artist) else ():
        yield part
        yield from _parts(part, depth + 1)


def _is_word(artist: Any) -> bool:
    return isinstance(artist, (Axis, Legend)) or (isinstance(artist, Text) and artist.get_bbox_patch() is None)


@contextmanager
def _invisible(artists: Sequence[Any]) -> Iterator[None]:
    before = [Artist.get_visible(artist) for artist in artists]
    try:
        for artist in artists:
            Artist.set_visible(artist, False)
        yield
    finally:
        for artist, visible in zip(artists, before, strict=True):
            Artist.set_visible(artist, visible)


@contextmanager
def _resolution(figure: Figure, dpi: float) -> Iterator[None]:
    before = figure.dpi
    try:
        figure.dpi = dpi
        yield
    finally:
        figure.dpi = before
