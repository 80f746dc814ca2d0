"""Values that cross between judge and worker and are neither plain nor arrays: facts about objects that stay there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import msgspec

if TYPE_CHECKING:
    Packed = Any
else:
    Packed = memoryview  # what an array is on the wire, and what msgspec must know; everywhere else it is the array


class LayerFacts(msgspec.Struct, frozen=True):
    """What a Keras layer is, as far as checks look at it; weights in ``get_weights()`` order."""

    kind: str
    units: int | None
    activation: str | None
    kernel_initializer: str | None
    bias_initializer: str | None
    weights: list[Packed]


class ModelFacts(msgspec.Struct, frozen=True, tag=True):
    """A Keras model stays in the worker; its facts travel, and ``handle`` names it in later calls."""

    handle: int
    layers: list[LayerFacts]


class LineFacts(msgspec.Struct, frozen=True):
    """One line of a plot: its legend label and its data."""

    label: str
    x: list[float]
    y: list[float]


class AxesFacts(msgspec.Struct, frozen=True):
    """One axes of a figure.

    ``bars`` are the heights of its rectangles, as histograms draw them, and ``widths`` their widths, which say the same
    of horizontal bars. ``images`` are what it shows as pictures, each with the row first that stands on top.
    ``texts`` are its tick labels and what is written inside it.
    """

    title: str
    xlabel: str
    ylabel: str
    legend: list[str]
    lines: list[LineFacts]
    bars: list[float]
    widths: list[float] = []
    images: list[Packed] = []
    texts: list[str] = []
    yscale: str = "linear"


class FigureFacts(msgspec.Struct, frozen=True, tag=True):
    """A matplotlib figure, told as its axes; ``texts`` stand outside of them, as its own title does."""

    axes: list[AxesFacts]
    texts: list[str] = []


class Opaque(msgspec.Struct, frozen=True, tag=True):
    """A value that cannot travel; only the name of its type does."""

    type_name: str


class Handle(msgspec.Struct, frozen=True, tag=True):
    """An object that an earlier call left in the worker."""

    handle: int


class FunctionName(msgspec.Struct, frozen=True, tag=True):
    """One of the student's functions, as an argument for a tool."""

    name: str


class Images(msgspec.Struct, frozen=True, tag=True):
    """A ``kit.Dataset``, as its four arrays in order."""

    arrays: list[Packed]


class Sizes(msgspec.Struct, frozen=True, tag=True):
    """A tuple of integers, as the shape of an array is."""

    items: list[int]


Fact = ModelFacts | FigureFacts | Opaque | Handle | FunctionName | Images | Sizes
