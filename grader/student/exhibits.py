"""What a student's functions drew and measured, kept small and clean for the reports."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from grader.language import visible
from grader.results import Curve, Exhibit
from grader.wire.values import AxesFacts, FigureFacts

MAX_EXHIBITS = 24
MAX_CURVES = 8
MAX_POINTS = 200


def exhibits_of(function: str, value: Any) -> list[Exhibit]:
    """The plots that a function's return value amounts to: those of a figure, or the curves of its histories."""
    if isinstance(value, FigureFacts):
        return [exhibit for axes in value.axes[:MAX_EXHIBITS] for exhibit in _of_axes(function, axes)]
    histories = dict(_histories(value))
    curves = [_curve(name, history["val_accuracy"]) for name, history in list(histories.items())[:MAX_CURVES]]
    return [Exhibit(f"{function}: val_accuracy", "lines", curves)] if curves else []


def _of_axes(function: str, axes: AxesFacts) -> Iterator[Exhibit]:
    title = visible.block(f"{function}: {axes.title}", 80)
    if axes.lines:
        yield Exhibit(title, "lines", [_curve(line.label, line.y) for line in axes.lines[:MAX_CURVES]])
    if axes.bars:
        heights = [height for bars in axes.bars for height in bars.height]
        yield Exhibit(title, "bars", [_curve(axes.xlabel, heights)])


def _histories(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Histories in a dict of histories, or of entries with one under ``history``."""
    for name, entry in value.items() if isinstance(value, dict) else ():
        history = entry.get("history", entry) if isinstance(entry, dict) else None
        if isinstance(history, dict) and isinstance(history.get("val_accuracy"), list):
            yield str(name), history


def _curve(label: str, values: Sequence[Any]) -> Curve:
    numbers = [float(value) for value in values if isinstance(value, (int, float)) and math.isfinite(value)]
    step = max(1, math.ceil(len(numbers) / MAX_POINTS))
    return Curve(visible.block(label, 60), numbers[::step])
