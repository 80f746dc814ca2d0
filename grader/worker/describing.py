"""What the worker tells of a value: plain values as they are, models and figures as facts, the rest by type name."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterable, Mapping
from itertools import chain, islice
from typing import Any, TypeVar

import numpy as np

from grader.arrays import Array
from grader.wire.coding import can_travel
from grader.wire.values import (
    AxesFacts,
    BarsFacts,
    Fact,
    FigureFacts,
    LayerFacts,
    LineFacts,
    ModelFacts,
    Opaque,
    PictureFacts,
)
from grader.worker.bars import bars_in
from grader.worker.figures import pictures_in
from grader.worker.rendering import Rendering
from grader.worker.sight import sight_of_bars, sight_of_line, sight_of_picture

MAX_DEPTH = 12
MAX_ITEMS = 100_000
MAX_TEXTS = 200
MAX_ARTISTS = 20_000
MAX_LINES = 200  # the figure is drawn again without each
MAX_POINTS = 10**6  # of all lines; more make a reply that is too large
INT64 = range(-(2**63), 2**64)

Keep = Callable[[Any], int]
Part = TypeVar("Part")


def describe(value: Any, keep: Keep, depth: int = 0) -> Any:
    """The value as it may travel; ``keep`` stores a model in the worker and returns its handle."""
    if value is None or isinstance(value, (bool, float, str)):
        return value
    if isinstance(value, int):
        return value if value in INT64 else Opaque("int")
    if isinstance(value, np.ndarray):
        return np.array(value) if can_travel(value) else Opaque(f"ndarray[{value.dtype}]")
    if isinstance(value, np.generic):
        return describe(value.item(), keep, depth)
    if isinstance(value, (list, tuple, Mapping)) and depth < MAX_DEPTH and len(value) <= MAX_ITEMS:
        return _describe_items(value, keep, depth + 1)
    if isinstance(value, (list, tuple, Mapping)):
        return Opaque(f"{type(value).__name__} of {len(value)} items, {depth} deep")
    return _describe_object(value, keep)


def _describe_items(value: Any, keep: Keep, depth: int) -> Any:
    if not isinstance(value, Mapping):
        return [describe(item, keep, depth) for item in value]
    return {_describe_key(key): describe(item, keep, depth) for key, item in value.items()}


def _describe_key(key: Any) -> str | int | float | bool:
    if isinstance(key, np.generic):
        key = key.item()
    return key if isinstance(key, (str, int, float, bool)) else repr(key)


def _describe_object(value: Any, keep: Keep) -> Any:
    keras = sys.modules["keras"]
    figure = sys.modules.get("matplotlib.figure")
    if isinstance(value, keras.Model):
        return _describe_model(value, keep(value))
    if figure is not None and isinstance(value, figure.Figure):
        return _too_full(value) or _describe_figure(value)
    if keras.ops.is_tensor(value) or isinstance(value, keras.Variable):
        return describe(keras.ops.convert_to_numpy(value), keep)
    return Opaque(type(value).__name__)


def _describe_model(model: Any, handle: int) -> ModelFacts:
    return ModelFacts(handle, [_describe_layer(layer) for layer in model.layers])


def _describe_layer(layer: Any) -> LayerFacts:
    activation = getattr(layer, "activation", None)
    return LayerFacts(
        kind=type(layer).__name__,
        units=getattr(layer, "units", None),
        activation=getattr(activation, "__name__", None),
        kernel_initializer=_class_name(getattr(layer, "kernel_initializer", None)),
        bias_initializer=_class_name(getattr(layer, "bias_initializer", None)),
        weights=[np.array(array) for array in layer.get_weights()],
    )


def _class_name(value: Any) -> str | None:
    return None if value is None else type(value).__name__


def _too_full(figure: Any) -> Opaque | None:
    """What a figure is told as that nobody could look at: describing it would take minutes and gigabytes."""
    artists = sum(len(axes.get_children()) + len(_entries(axes.get_legend())) for axes in figure.axes)
    if artists > MAX_ARTISTS:
        return Opaque(f"Figure of {artists} artists")
    lines = [line for axes in figure.axes for line in axes.lines]
    if len(lines) > MAX_LINES:
        return Opaque(f"Figure of {len(lines)} lines")
    points = sum(_each(lambda line: min(np.size(line.get_xdata(orig=False)), MAX_ITEMS), lines))
    return Opaque(f"Figure of {points} points") if points > MAX_POINTS else None


def _describe_figure(figure: Any) -> FigureFacts:
    try:
        rendering = Rendering(figure)
    except Exception as error:
        return FigureFacts([], trouble=f"{type(error).__name__}: {error}")
    shared = [text for legend in figure.legends for text in _entries(legend)]
    axes = _each(lambda axes: _describe_axes(axes, shared, rendering), figure.axes)
    return FigureFacts(axes, _texts(figure.texts))


def _each(tell: Callable[[Any], Part], parts: Iterable[Any]) -> list[Part]:
    """What is told of each part. A part of which nothing can be told is left out: a student may draw what they like."""
    told = []
    for part in islice(parts, MAX_ITEMS):
        with contextlib.suppress(Exception):
            told.append(tell(part))
    return told


def _describe_axes(axes: Any, shared: list[str], rendering: Rendering) -> AxesFacts:
    labels = dict([*chain(*_each(_labels_of_containers, [axes])), *chain(*_each(_labels_of_legend, [axes]))])
    return AxesFacts(
        title=" ".join(filter(None, (axes.get_title(loc) for loc in ("left", "center", "right")))),
        xlabel=axes.get_xlabel(),
        ylabel=axes.get_ylabel(),
        legend=[*_entries(axes.get_legend()), *shared],
        lines=_each(lambda line: _describe_line(line, labels.get(line), axes, rendering), axes.lines),
        bars=_each(lambda drawn: _describe_bars(drawn, axes, rendering), chain(*_each(bars_in, [axes]))),
        pictures=_each(
            lambda drawn: PictureFacts(drawn[1], sight_of_picture(drawn[0], axes, rendering)),
            chain(*_each(pictures_in, [axes])),
        ),
        texts=_texts([*axes.get_xticklabels(), *axes.get_yticklabels(), *axes.texts]),
        yscale=str(axes.get_yscale()),
    )


def _describe_line(line: Any, label: str | None, axes: Any, rendering: Rendering) -> LineFacts:
    """The data as numbers: names along an axis are told as the places where they stand."""
    x, y = map(_floats, line.get_data(orig=False))
    return LineFacts(label or str(line.get_label()), x, y, sight_of_line(line, axes, rendering))


def _describe_bars(drawn: tuple[list[Any], Array], axes: Any, rendering: Rendering) -> BarsFacts:
    patches, bars = drawn
    left, bottom, width, height = map(_floats, bars)
    return BarsFacts(left, bottom, width, height, sight_of_bars(patches, axes, rendering))


def _entries(legend: Any) -> list[str]:
    return [text.get_text() for text in legend.get_texts()] if legend else []


def _labels_of_containers(axes: Any) -> list[tuple[Any, str]]:
    """Lines that ``errorbar`` or ``stem`` drew, which keep the label themselves."""
    lines = [(getattr(c, "markerline", None) or next(iter(getattr(c, "lines", ())), None), c) for c in axes.containers]
    return [(line, str(container.get_label())) for line, container in lines if line is not None]


def _labels_of_legend(axes: Any) -> list[tuple[Any, str]]:
    """Lines without a label that ``legend(names)`` names all the same: the entry looks like no other line."""
    legend = axes.get_legend()
    entries = zip(legend.legend_handles, _entries(legend), strict=True) if legend else ()
    looks: dict[tuple[Any, ...], list[str]] = {}
    for handle, text in entries:
        if hasattr(handle, "get_marker"):
            looks.setdefault(_look(handle), []).append(text)
    nameless = [line for line in axes.lines if str(line.get_label()).startswith("_")]
    found = [(line, looks.get(_look(line), ())) for line in nameless]
    return [(line, texts[0]) for line, texts in found if len(texts) == 1]


def _look(line: Any) -> tuple[Any, ...]:
    to_rgba = sys.modules["matplotlib.colors"].to_rgba
    return to_rgba(line.get_color()), line.get_linestyle(), line.get_linewidth(), str(line.get_marker())


def _texts(texts: Any) -> list[str]:
    return [str(text.get_text()) for text in texts[:MAX_TEXTS] if text.get_text()]


def _floats(values: Any) -> list[float]:
    return [float(value) for value in np.ravel(np.asarray(values, float))[:MAX_ITEMS]]


def is_fact(value: Any) -> bool:
    """Whether a value is one of the protocol's facts."""
    return isinstance(value, Fact)
