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


class Sight(msgspec.Struct, frozen=True):
    """What decides whether something drawn can be seen; of several parts, what holds for the one that shows best.

    ``visible`` counts its axes and its figure in. ``alpha`` is its opacity and ``contrast`` how far its colour is from
    the background, both in [0, 1]. ``size`` is what it is thick, in points. ``within`` is the share of it that lies
    between the limits of its axes, and ``room`` the share of the figure that these axes take. ``pixels`` counts those
    of the drawn figure that are others without it, and ``change`` is by how much at most, in [0, 1].
    """

    visible: bool
    alpha: float
    size: float
    contrast: float
    within: float
    room: float
    pixels: int
    change: float


class LineFacts(msgspec.Struct, frozen=True):
    """One line of a plot: its legend label and its data."""

    label: str
    x: list[float]
    y: list[float]
    sight: Sight


class BarsFacts(msgspec.Struct, frozen=True):
    """Rectangles that one call drew, a number for each: where they begin to the right and upwards, and their sizes.

    A histogram that is drawn as one outline is told as the rectangles that it would be.
    """

    left: list[float]
    bottom: list[float]
    width: list[float]
    height: list[float]
    sight: Sight


class PictureFacts(msgspec.Struct, frozen=True):
    """What is shown as a picture, grey, with the row first that stands on top, ``(rows, columns)``."""

    pixels: Packed
    sight: Sight


class AxesFacts(msgspec.Struct, frozen=True):
    """One axes of a figure; ``texts`` are its tick labels and what is written inside it."""

    title: str
    xlabel: str
    ylabel: str
    legend: list[str]
    lines: list[LineFacts]
    bars: list[BarsFacts]
    pictures: list[PictureFacts] = []
    texts: list[str] = []
    yscale: str = "linear"


class FigureFacts(msgspec.Struct, frozen=True, tag=True):
    """A matplotlib figure, told as its axes; ``texts`` stand outside of them, as its own title does.

    ``trouble`` is the error that kept it from being drawn, and then nothing else is told.
    """

    axes: list[AxesFacts]
    texts: list[str] = []
    trouble: str = ""


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
