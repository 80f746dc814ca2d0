"""What a student hides on a figure is not seen, whatever hides it, and what they style is."""

import sys
from types import SimpleNamespace

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.patheffects import withStroke

from grader.judge import plots
from grader.worker.describing import describe
from tests.support.values import over_the_wire

mpl.use("Agg")
X, Y = [0, 1, 2, 3], [0.2, 0.9, 0.4, 0.6]
VALUES = np.random.default_rng(0).uniform(0, 1, 480)
PIXELS = np.random.default_rng(0).random((28, 28))


@pytest.fixture(autouse=True)
def keras(monkeypatch):
    """Something that stands for Keras, of which figures need nothing; no figure outlives its test."""
    monkeypatch.setitem(
        sys.modules, "keras", type("Keras", (), {"Model": SimpleNamespace, "Variable": SimpleNamespace})
    )
    yield
    plt.close("all")


def told(figure):
    """The facts of a figure, as they arrive."""
    return over_the_wire(describe(figure, lambda _: 0))


def drawn(draw, start):
    """What is told of what ``start`` drew, after ``draw`` was called with its axes and itself."""
    figure, axes = plt.subplots()
    draw(axes, start(axes))
    (found, *_) = told(figure).axes
    return {line: found.lines, picture: found.pictures}.get(start, found.bars)[0]


def line(axes):
    """A line."""
    return axes.plot(X, Y)[0]


def bars(axes):
    """A histogram."""
    return axes.hist(VALUES, bins=20)[2]


def steep(axes):
    """A histogram with two bars that are not empty."""
    return axes.hist([0.0, *[0.5] * 479], bins=40)[2]


def outline(axes):
    """A histogram as an outline."""
    return axes.hist(VALUES, bins=20, histtype="step")[2]


def picture(axes):
    """A picture."""
    return axes.imshow(PIXELS)


def of_all(**properties):
    """Set them on the artist or on each of them."""
    return lambda _, artist: plt.setp(artist if isinstance(artist, Line2D) else list(np.ravel(artist)), **properties)


def cover(axes, _):
    """Lay a sheet of paper over everything."""
    axes.add_patch(Rectangle((-10, -10), 600, 600, color="white", zorder=99))


def other_axes(axes, _):
    """Lay empty axes over these ones."""
    axes.figure.add_axes([0, 0, 1, 1])


ANY_WAY = {
    "axes hidden": (lambda axes, _: axes.set_visible(False), "set_visible"),
    "figure hidden": (lambda axes, _: axes.figure.set_visible(False), "set_visible"),
    "far away": (lambda axes, _: axes.set_xlim(1e6, 2e6), "limits"),
    "far above": (lambda axes, _: axes.set_ylim(1e6, 2e6), "limits"),
    "axes of no size": (lambda axes, _: axes.set_position([0.5, 0.5, 0, 0]), "no room"),
    "axes outside": (lambda axes, _: axes.set_position([2, 2, 0.5, 0.5]), "no room"),
    "covered": (cover, "covers it"),
    "axes covered": (other_axes, "covers it"),
    "clipped away": (
        lambda axes, artist: plt.setp(artist, clip_path=mpl.patches.Circle((0, 0), 0, transform=axes.transAxes)),
        "covers it",
    ),
}
OF_ARTISTS = {"hidden": (of_all(visible=False), "set_visible"), "transparent": (of_all(alpha=0), "alpha")}
OF_LINES = {
    "no width": (of_all(linewidth=0), "0 points"),
    "no style": (of_all(linestyle="None"), "0 points"),
    "markers of no size": (of_all(linestyle="None", marker="o", markersize=0), "0 points"),
    "white": (of_all(color="white"), "colour of the background"),
    "transparent colour": (of_all(color=(0, 0, 0, 0)), "alpha"),
    "almost transparent": (of_all(alpha=0.001), "alpha"),
    "not a number": (of_all(ydata=[np.nan] * 4), "limits"),
    "nothing between the dashes": (of_all(linestyle=(1, (0.1, 1e6))), "covers it"),
}
OF_BARS = {
    "white": (of_all(color="white"), "colour of the background"),
    "of no width": (of_all(width=0), "0 points"),
    "of no height": (of_all(height=0), "0 points"),
    "neither filled nor framed": (of_all(fill=False, linewidth=0), "0 points"),
}
OF_PICTURES = {
    "hidden": (lambda _, artist: artist.set_visible(False), "set_visible"),
    "transparent": (lambda _, artist: artist.set_alpha(0), "alpha"),
    "of one colour": (lambda _, artist: artist.set_clim(100, 200), "one colour"),
}
HIDDEN = [
    *((line, name, way) for name, way in ({**ANY_WAY, **OF_ARTISTS, **OF_LINES}).items()),
    *((bars, name, way) for name, way in ({**ANY_WAY, **OF_ARTISTS, **OF_BARS}).items() if name != "clipped away"),
    *((outline, name, way) for name, way in ({**ANY_WAY, **OF_ARTISTS}).items() if name != "clipped away"),
    *((picture, name, way) for name, way in ({**ANY_WAY, **OF_PICTURES}).items()),
]


@pytest.mark.parametrize(("start", "name", "way"), HIDDEN, ids=lambda value: getattr(value, "__name__", None))
def test_what_is_hidden_is_not_seen_and_the_reason_is_told(start, name, way):
    """Whatever was drawn and whatever hides it."""
    hide, why = way

    found = drawn(hide, start)

    assert not plots.is_seen(found), name
    assert why in plots.reason(found).template


def _dark(axes, _):
    axes.figure.set_facecolor("black")
    axes.set_facecolor("black")


def _twin(axes, _):
    axes.twinx().plot(X, np.multiply(Y, 100), color="red")


STYLES = {
    "as it is": lambda *_: None,
    "black paper": lambda axes, artist: (_dark(axes, artist), of_all(color="white")(axes, artist)),
    "half transparent": of_all(alpha=0.5),
    "light grey": of_all(color="lightgrey"),
    "grid": lambda axes, _: axes.grid(visible=True),
    "other axes": _twin,
    "log": lambda axes, _: axes.set_yscale("log"),
    "begins at 1": lambda axes, _: axes.set_xlim(1 if axes.lines else 0, 3),
    "no paper": lambda axes, _: (axes.figure.set_facecolor("none"), axes.set_facecolor("none")),
    "without frame": lambda axes, _: axes.set_axis_off(),
    "words that TeX does not know": lambda axes, _: axes.set_title(r"$\nada$"),
    "legend": lambda axes, _: axes.legend(["todo"]),
    "large": lambda axes, _: axes.figure.set_size_inches(40, 20),
    "tall": lambda axes, _: axes.figure.set_size_inches(4, 60),
    "small": lambda axes, _: axes.figure.set_size_inches(1.5, 1),
    "tight": lambda axes, _: axes.figure.set_layout_engine("tight"),
    "constrained": lambda axes, _: axes.figure.set_layout_engine("constrained"),
}


@pytest.mark.parametrize("start", [line, bars, steep, outline])
@pytest.mark.parametrize("style", STYLES)
def test_what_is_styled_is_seen(start, style):
    """A reader sees it, and so does the grader."""
    assert plots.is_seen(drawn(STYLES[style], start))


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.plot(X, Y, linewidth=0.72, alpha=0.5),
        lambda axes: axes.plot(X, Y, ":", linewidth=0.5, color="lightgrey"),
        lambda axes: axes.plot(X, Y, ","),
        lambda axes: axes.plot(X, Y, "o", markerfacecolor="none"),
        lambda axes: axes.semilogy(X, Y, ".-"),
        lambda axes: axes.errorbar(X, Y, fmt="s--"),
        lambda axes: axes.plot(X, Y, color="white", path_effects=[withStroke(linewidth=4, foreground="black")]),
        lambda axes: (axes.plot(X, Y), axes.plot(X, Y, "o")),
        lambda axes: (axes.plot(X, Y), axes.axhspan(0, 1, alpha=0.2), axes.axvspan(1, 2, zorder=0)),
    ],
)
def test_a_line_of_any_style_is_seen(draw):
    """Thin, dotted, of pixels, of empty circles, with a halo, on coloured bands."""
    figure, axes = plt.subplots()
    draw(axes)

    assert plots.is_seen(told(figure).axes[0].lines[0])


def test_a_right_picture_is_seen_however_it_is_drawn():
    """By imshow in grey, as a mesh, without its frame and beside bars."""
    figure, (left, right) = plt.subplots(1, 2)
    left.imshow(PIXELS, cmap="gray")
    left.set_axis_off()
    right.pcolormesh(PIXELS)

    assert all(plots.is_seen(axes.pictures[0]) for axes in told(figure).axes)


@pytest.mark.parametrize(
    "draw",
    [
        lambda axes: axes.plot(X, Y, color="blue"),
        lambda axes: axes.bar(X, Y, color="blue"),
        lambda axes: [axes.bar(x, y, color="blue") for x, y in zip(X, Y, strict=True)],
        lambda axes: axes.hist(VALUES, color="blue", histtype="stepfilled"),
        lambda axes: axes.imshow(PIXELS),
        lambda axes: axes.pcolormesh(PIXELS),
    ],
)
def test_what_is_drawn_twice_is_seen(draw):
    """A cell that draws on the same axes again hides nothing."""
    figure, axes = plt.subplots()
    draw(axes)
    draw(axes)

    (found,) = told(figure).axes

    assert all(plots.is_seen(each) for each in (*found.lines, *found.bars, *found.pictures))


def test_a_line_that_lies_about_itself_is_not_seen():
    """Matplotlib's own methods are asked, not those of a subclass or of the object."""

    class Lie(Line2D):
        def get_visible(self):
            return True

        def get_alpha(self):
            return 1.0

    figure, axes = plt.subplots()
    axes.add_line(Lie(X, Y, visible=False))
    axes.add_line(Lie(X, Y, alpha=0.0))
    hidden = axes.plot(X, Y, visible=False)[0]
    hidden.get_visible = lambda: True

    assert not any(plots.is_seen(each) for each in told(figure).axes[0].lines)


def test_describing_leaves_the_figure_as_it_was():
    """Its resolution, its canvas and what is visible."""
    figure, axes = plt.subplots()
    shown, hidden = axes.plot([[1, 2], [3, 4]])
    hidden.set_visible(False)
    before = figure.dpi, figure.canvas

    told(figure)

    assert (figure.dpi, figure.canvas) == before
    assert (shown.get_visible(), hidden.get_visible(), axes.xaxis.get_visible()) == (True, False, True)


def test_a_figure_that_cannot_be_drawn_says_why():
    """The error is told in the place of what would be on the figure."""

    class Broken(Line2D):
        def draw(self, _renderer):
            raise ValueError("roto")

    figure = Figure()
    figure.subplots().add_line(Broken(X, Y))

    found = told(figure)

    assert (found.axes, found.trouble) == ([], "ValueError: roto")
