"""Where the lines and bars of a chart go. Only numbers are computed here; the templates write them, escaped."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from grader.language import visible
from grader.results import Curve, Exhibit

WIDTH, HEIGHT = 480, 260
LEFT, RIGHT, TOP, BOTTOM = 56, 20, 12, 42
LARGEST = 1e30
COLOURS = 8
MAX_MARKED = 24
SMALL = 1e-12


@dataclass(frozen=True)
class Tick:
    """A labelled place on an axis, in the chart's own units."""

    at: float
    label: str


@dataclass(frozen=True)
class Polyline:
    """A curve: ``points`` and ``marks`` as SVG writes them, and what the legend says."""

    colour: int
    points: str
    marks: str
    label: str
    first: str
    last: str


@dataclass(frozen=True)
class Value:
    """A number to write above a bar."""

    x: float
    y: float
    text: str


@dataclass(frozen=True)
class Chart:
    """A chart ready to be written."""

    title: str
    lines: list[Polyline]
    bars: str  # one path for all bars: forty elements for each histogram would make the pages slow to write
    bar_count: int
    x_ticks: list[Tick]
    y_ticks: list[Tick]
    x_label: str = ""
    values: tuple[Value, ...] = ()
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    top: int = TOP
    bottom: int = HEIGHT - BOTTOM


def chart_of(exhibit: Exhibit, epochs: str) -> Chart | None:
    """The chart of an exhibit; None if it holds no number. ``epochs`` labels the axis of a history."""
    title = visible.line(exhibit.title)
    curves = [Curve(visible.line(curve.label, 60), _drawable(curve.values)) for curve in exhibit.curves]
    curves = [curve for curve in curves if curve.values][:COLOURS]
    if not curves:
        return None
    if exhibit.kind == "bars":
        return _bars(title, curves[0])
    return _lines(title, curves, epochs if title.endswith(": val_accuracy") else "")


def histogram(counts: Sequence[int], title: str, x_label: str) -> Chart:
    """The distribution of a class: ``counts`` per tenth of the points."""
    top = max(1, *counts)
    y_ticks = [Tick(_scale(value, 0, top, HEIGHT - BOTTOM, TOP + 10), _text(value)) for value in _integers(top)]
    step = (WIDTH - RIGHT - LEFT) / len(counts)
    tops = [_scale(count, 0, top, HEIGHT - BOTTOM, TOP + 10) for count in counts]
    bars = "".join(_bar(LEFT + i * step + 2, y, step - 4, HEIGHT - BOTTOM - y) for i, y in enumerate(tops))
    values = tuple(
        Value(_round(LEFT + (i + 0.5) * step), _round(y - 5), str(count))
        for i, (y, count) in enumerate(zip(tops, counts, strict=True))
        if count
    )
    x_ticks = [Tick(_round(LEFT + i * step), f"{100 * i // len(counts)}") for i in range(0, len(counts) + 1, 2)]
    return Chart(title, [], bars, len(counts), x_ticks, y_ticks, x_label, values)


def _lines(title: str, curves: list[Curve], x_label: str) -> Chart:
    y_ticks, low, high = _axis([value for curve in curves for value in curve.values])
    longest = max(len(curve.values) for curve in curves)
    lines = [_line(colour, curve, longest, low, high) for colour, curve in enumerate(curves)]
    x_ticks = [Tick(_place(value - 1, longest), str(value)) for value in _positions(longest)]
    return Chart(title, lines, "", 0, x_ticks, y_ticks, x_label)


def _line(colour: int, curve: Curve, longest: int, low: float, high: float) -> Polyline:
    places = [
        (_place(i, longest), _round(_scale(value, low, high, HEIGHT - BOTTOM, TOP)))
        for i, value in enumerate(curve.values)
    ]
    return Polyline(
        colour=colour,
        points=" ".join(f"{x:g},{y:g}" for x, y in places),
        marks="".join(f"M{x:g},{y:g}h0" for x, y in places) if len(places) <= MAX_MARKED else "",
        label=curve.label,
        first=_text(curve.values[0]),
        last=_text(curve.values[-1]),
    )


def _bars(title: str, curve: Curve) -> Chart:
    y_ticks, low, high = _axis([0.0, *curve.values])
    base = _scale(0, low, high, HEIGHT - BOTTOM, TOP)
    step = (WIDTH - RIGHT - LEFT) / len(curve.values)
    gap = min(2.0, step / 5)
    tops = [_scale(value, low, high, HEIGHT - BOTTOM, TOP) for value in curve.values]
    bars = "".join(
        _bar(LEFT + i * step + gap / 2, min(y, base), step - gap, max(abs(base - y), 0.5)) for i, y in enumerate(tops)
    )
    # Where the bars stood on the axis was not recorded, so the axis has no numbers.
    return Chart(title, [], bars, len(tops), [], y_ticks, curve.label)


def _bar(x: float, y: float, width: float, height: float) -> str:
    return f"M{x:.1f},{y:.1f}h{width:.1f}v{height:.1f}h{-width:.1f}z"


# --- axes -------------------------------------------------------------------------------------------------------


def _axis(values: list[float]) -> tuple[list[Tick], float, float]:
    """Ticks at round numbers around the values, and the ends of the axis."""
    low, high = min(values), max(values)
    if high - low <= SMALL * max(abs(low), abs(high), 1.0):
        pad = abs(low) / 10 or 1.0
        low, high = low - pad, high + pad
    step = _nice((high - low) / 4)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    low, high = first * step, last * step
    ticks = [
        Tick(_round(_scale(i * step, low, high, HEIGHT - BOTTOM, TOP)), _text(i * step)) for i in range(first, last + 1)
    ]
    return ticks, low, high


def _nice(step: float) -> float:
    """The next 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 2.5, 5, 10) if factor * power >= step * (1 - 1e-9))


def _integers(top: int) -> list[int]:
    step = max(1, math.ceil(_nice(top / 4)))
    return list(range(0, top + 1, step))


def _positions(count: int) -> list[int]:
    """Which of 1…count get a label: the first, and round steps."""
    step = max(1, math.ceil(_nice(count / 6))) if count > 1 else 1
    return sorted({1, *range(step, count + 1, step)} - ({step} if 1 < step < 3 and count > 6 else set()))


def _place(i: int, count: int) -> float:
    inset = 8
    left, right = LEFT + inset, WIDTH - RIGHT - inset
    return _round((left + right) / 2 if count < 2 else left + i * (right - left) / (count - 1))


def _scale(value: float, low: float, high: float, start: float, end: float) -> float:
    return start + (value - low) / (high - low) * (end - start)


def _drawable(values: list[float]) -> list[float]:
    return [min(LARGEST, max(-LARGEST, value)) for value in values if math.isfinite(value)]


def _text(value: float) -> str:
    return f"{0.0 if abs(value) < SMALL else value:.4g}"


def _round(value: float) -> float:
    return round(value, 1)
