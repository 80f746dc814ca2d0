import re
import sys
import time
from copy import copy
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.patches as shapes
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.lines import Line2D

from grader.wire.protocol import Call, Returned
from grader.worker.describing import describe
from grader.worker.serving import StudentModule

mpl.use("Agg")
SHIRT, COAT = "Camisa", "Abrigo"
VALUES, KINDS = [0.5] + [1.5] * 5 + [2.5] * 3, ("bar", "step", "stepfilled")
LYING = {"orientation": "horizontal"}


@pytest.fixture(autouse=True)
def keras(monkeypatch):
    """Something that stands for Keras, of which figures need nothing."""
    monkeypatch.setitem(
        sys.modules, "keras", type("Keras", (), {"Model": SimpleNamespace, "Variable": SimpleNamespace})
    )


def axes_of(draw):
    """What is told of axes after something was drawn."""
    figure, axes = plt.subplots()
    draw(axes)
    told = describe(figure, lambda _: 0)
    plt.close(figure)
    return told.axes[0]


def test_a_line_over_names_stands_where_the_names_do():
    """A vertical line at a class's name is told as the place of that class's bar."""

    def draw(axes):
        axes.bar([SHIRT, COAT], [0.25, 0.75])
        axes.axvline(COAT)
        axes.plot([COAT, SHIRT], [1, 2])

    found = axes_of(draw)

    assert [bars.height for bars in found.bars] == [[0.25, 0.75]]
    assert [line.x for line in found.lines] == [[1, 1], [1, 0]]


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.stairs([1, 5, 3], [0, 1, 2, 3]),
        *(lambda axes, kind=kind: axes.hist(VALUES, bins=[0, 1, 2, 3], histtype=kind) for kind in KINDS),
    ],
)
def test_the_bars_of_a_histogram_are_told_however_it_is_drawn(draw):
    """Stairs, an outline, a filled one and rectangles are the same histogram."""
    (found,) = axes_of(draw).bars

    assert np.allclose([found.left, found.bottom, found.width, found.height], [[0, 1, 2], [0] * 3, [1] * 3, [1, 5, 3]])


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.stairs([1, 5, 3], [0, 1, 2, 3], orientation="horizontal"),
        *(lambda axes, kind=kind: axes.hist(VALUES, bins=[0, 1, 2, 3], histtype=kind, **LYING) for kind in KINDS),
    ],
)
def test_the_bars_of_a_lying_histogram_are_told_as_they_lie(draw):
    """Where they begin upwards and how long they are to the right."""
    (found,) = axes_of(draw).bars

    assert np.allclose([found.left, found.bottom, found.width, found.height], [[0] * 3, [0, 1, 2], [1, 5, 3], [1] * 3])


@pytest.mark.parametrize(
    "patch",
    [
        shapes.Wedge((0, 0), 1, 0, 90),
        shapes.FancyArrowPatch((0, 0), (1, 1)),
        shapes.PathPatch(mpl.path.Path([[0, 0], [1, 1]])),
        shapes.Annulus((0, 0), 2, 1),
        shapes.Circle((0, 0), 1),
    ],
    ids=lambda patch: type(patch).__name__,
)
def test_a_shape_that_is_no_bar_hides_no_bar(patch):
    """What stands beside the bars does not keep them from being told."""

    def draw(axes):
        axes.bar([0, 1], [0.25, 0.75])
        axes.add_patch(patch)

    assert axes_of(draw).bars[0].height == [0.25, 0.75]


def test_what_cannot_be_told_is_left_out():
    """A line that raises when asked for its data leaves the other one."""

    def draw(axes):
        axes.plot([1, 2], [3, 4])[0].get_data = lambda **_: 1 / 0
        axes.plot([1, 2], [5, 6])

    assert [line.y for line in axes_of(draw).lines] == [[5, 6]]


def test_a_function_does_not_fail_for_what_cannot_be_told_of_its_value():
    """The function answered, and its value is told by the name of its type."""

    class Strange(np.ndarray):
        dtype = property(lambda _: 1 / 0)

    notebook = StudentModule()
    notebook.module.f = lambda: np.zeros(2).view(Strange)

    reply = notebook.call(Call("t", "f", [], {}, []))

    assert isinstance(reply, Returned)


def _by_list(axes):
    axes.plot([[1, 2], [3, 4]])
    axes.legend([SHIRT, COAT])


def _by_handles(axes):
    first, second = axes.plot([[1, 2], [3, 4]])
    axes.legend([second, first], [COAT, SHIRT])


def _by_errorbars(axes):
    axes.errorbar([0, 1], [1, 3], label=SHIRT)
    axes.stem([0, 1], [2, 4], label=COAT)
    axes.legend()


def _on_the_figure(axes):
    axes.plot([[1, 2], [3, 4]], label=[SHIRT, COAT])
    axes.figure.legend()


@pytest.mark.parametrize("draw", [_by_list, _by_handles, _by_errorbars, _on_the_figure])
def test_a_line_has_the_name_that_the_legend_gives_it(draw):
    """Whether the line was labelled, or the container that holds it, or only the entry of the legend."""
    found = axes_of(draw)

    assert {line.label for line in found.lines if line.y == [1, 3]} == {SHIRT}
    assert {line.label for line in found.lines if line.y == [2, 4]} == {COAT}
    assert set(found.legend) == {SHIRT, COAT}


def test_an_entry_that_fits_two_lines_names_neither():
    """Two lines of one look cannot be told apart by the legend, by a reader no more than by the grader."""

    def draw(axes):
        axes.plot([[1, 2], [3, 4]], color="black")
        axes.legend([SHIRT, COAT])

    assert all(line.label.startswith("_") for line in axes_of(draw).lines)


def hand_made(count, points):
    """A figure with so many lines of so many points each, made without what pyplot does for each."""
    figure, axes = plt.subplots()
    line = Line2D(np.arange(points), np.arange(points))
    axes.add_line(line)
    axes._children += [copy(line) for _ in range(count - 1)]
    return figure


@pytest.mark.parametrize(
    ("count", "points", "told"),
    [
        (150_000, 2, r"Figure of 1500\d\d artists"),
        (201, 2, "Figure of 201 lines"),
        (200, 50_000, "Figure of 10000000 points"),
        (12, 10**6, "Figure of 1200000 points"),
    ],
    ids=["artists", "lines", "points", "long"],
)
def test_a_figure_that_nobody_could_look_at_is_told_as_what_it_is(count, points, told):
    """In no time and no memory, and a check says what it received."""
    figure = hand_made(count, points)
    began = time.process_time()

    found = describe(figure, lambda _: 0)
    seconds = time.process_time() - began
    plt.close(figure)

    assert re.fullmatch(told, found.type_name)
    assert seconds < 2


def test_the_most_that_is_described_takes_seconds():
    """Lines without labels and thousands of entries of a legend are matched once each; each line is drawn once more."""
    figure = hand_made(200, 10)
    (axes,) = figure.axes
    axes.legend(axes.lines[:1] * 5_000, [f"n{i}" for i in range(5_000)])
    began = time.process_time()

    found = describe(figure, lambda _: 0)
    seconds = time.process_time() - began
    plt.close(figure)

    assert len(found.axes[0].lines) == 200
    assert seconds < 25  # a call may take thirty
