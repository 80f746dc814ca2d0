import sys
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

from grader.worker.describing import describe
from grader.worker.figures import MAX_PICTURES, pictures_in
from tests.support.values import over_the_wire

mpl.use("Agg")
PIXELS = np.arange(12.0).reshape(3, 4)
UPSIDE_DOWN, MIRRORED = PIXELS[::-1], PIXELS[:, ::-1]


@pytest.fixture
def axes():
    """Empty axes."""
    figure, found = plt.subplots()
    yield found
    plt.close(figure)


WAYS = {
    "imshow": (lambda ax: ax.imshow(PIXELS), PIXELS),
    "without ticks": (lambda ax: (ax.imshow(PIXELS), ax.axis("off")), PIXELS),
    "matshow": (lambda ax: ax.matshow(PIXELS), PIXELS),
    "origin below": (lambda ax: ax.imshow(PIXELS, origin="lower"), UPSIDE_DOWN),
    "origin below, axis inverted": (lambda ax: (ax.imshow(PIXELS, origin="lower"), ax.invert_yaxis()), PIXELS),
    "axis inverted": (lambda ax: (ax.imshow(PIXELS), ax.invert_yaxis()), UPSIDE_DOWN),
    "x inverted": (lambda ax: (ax.imshow(PIXELS), ax.invert_xaxis()), MIRRORED),
    "extent": (lambda ax: ax.imshow(PIXELS, extent=(0, 4, 0, 3)), PIXELS),
    "extent, origin below": (lambda ax: ax.imshow(PIXELS, extent=(0, 4, 0, 3), origin="lower"), UPSIDE_DOWN),
    "extent from right to left": (lambda ax: (ax.imshow(PIXELS, extent=(4, 0, 0, 3)), ax.set_xlim(0, 4)), MIRRORED),
    "mesh": (lambda ax: ax.pcolormesh(PIXELS), UPSIDE_DOWN),
    "mesh, axis inverted": (lambda ax: (ax.pcolormesh(PIXELS), ax.invert_yaxis()), PIXELS),
    "mesh of the rows reversed": (lambda ax: ax.pcolormesh(UPSIDE_DOWN), PIXELS),
    "colours": (lambda ax: ax.imshow(np.stack([PIXELS / 12] * 3, axis=-1)), PIXELS / 12),
    "masked": (lambda ax: ax.imshow(np.ma.masked_greater(PIXELS, 5)), PIXELS),
}


@pytest.mark.parametrize("way", WAYS)
def test_pictures_are_told_as_they_are_seen(way, axes):
    """Whatever drew them, the first row is the one on top and the first column the one on the left."""
    draw, seen = WAYS[way]

    draw(axes)

    ((_, pixels),) = pictures_in(axes)
    assert pixels == pytest.approx(seen, rel=1e-6)


def test_axes_without_pictures_have_none(axes):
    """Lines, bars and scattered points are no pictures."""
    axes.plot([1, 2])
    axes.bar([1, 2], [3, 4])
    axes.scatter([1, 2], [3, 4])

    assert pictures_in(axes) == []


def test_only_so_many_pictures_travel(axes):
    """A figure of a thousand pictures is no message."""
    for _ in range(MAX_PICTURES + 3):
        axes.imshow(PIXELS)

    assert len(pictures_in(axes)) == MAX_PICTURES


def test_a_figure_is_told_with_pictures_bars_and_texts(axes, monkeypatch):
    """Pictures, bars lying and standing, tick labels, annotations, the figure's own title and the scale cross."""
    monkeypatch.setitem(sys.modules, "keras", SimpleNamespace(Model=type("Model", (), {})))
    axes.imshow(PIXELS)
    axes.text(0, 0, "nota")
    axes.set_yscale("symlog")
    axes.figure.add_subplot(2, 2, 1).barh(["uno", "dos"], [3.0, 4.0], height=0.5)
    axes.figure.suptitle("todo")

    facts = over_the_wire(describe(axes.figure, lambda _: 0))

    picture, bars = facts.axes
    assert facts.texts == ["todo"]
    assert np.array_equal(picture.pictures[0].pixels, PIXELS)
    assert "nota" in picture.texts
    assert picture.yscale == "symlog"
    assert (bars.bars[0].height, bars.bars[0].width) == ([0.5, 0.5], [3.0, 4.0])
    assert {"uno", "dos"} <= set(bars.texts)
