"""The figures of lesson 109 show what they are given, in words that a student reads."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pytest

import kit

mpl.use("Agg")


@pytest.fixture(autouse=True)
def closed():
    """No figure outlives its test."""
    yield
    plt.close("all")


@pytest.fixture
def data():
    """Four training points and two validation points in the plane."""
    x = np.array([[0, 0], [1, 1], [0, 1], [1, 0]], np.float32)
    y = np.array([0, 1, 0, 1], np.int32)
    return kit.Dataset(x, y, x[:2], y[:2])


def test_a_band_is_drawn_around_the_mean():
    """The line of a series is its mean, and the band around it the interval of the mean."""
    runs = np.array([[1.0, 2.0, 3.0], [3.0, 2.0, 5.0]])

    figure = kit.plot_bands({"par": runs}, "título", "época", "pérdida", reference=2.0)

    (ax,) = figure.axes
    line, reference = ax.get_lines()
    assert line.get_ydata().tolist() == [2.0, 2.0, 4.0]
    assert set(reference.get_ydata()) == {2.0}
    low = min(vertex[1] for path in ax.collections[0].get_paths() for vertex in path.vertices)
    assert low == pytest.approx(2 - kit.mean_interval(runs[:, 0]).half_width)
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["par", "referencia: 2"]
    assert (ax.get_title(), ax.get_xlabel(), ax.get_ylabel()) == ("título", "época", "pérdida")


def test_functions_get_a_panel_each():
    """Every function has its own titled panel with its values and slopes; spare panels are blank."""
    z = np.linspace(-1, 1, 5)

    figure = kit.plot_functions(z, {"uno": (z, z**0), "dos": (z**2, 2 * z)}, "título")

    drawn = [ax for ax in figure.axes if ax.get_lines()]
    assert [ax.get_title() for ax in drawn] == ["uno", "dos"]
    assert [line.get_ydata().tolist() for line in drawn[1].get_lines()] == [(z**2).tolist(), (2 * z).tolist()]
    assert not figure.axes[2].axison


def test_points_are_told_apart_by_class(data):
    """Every class has its own marks, with a legend, and both axes are named."""
    figure = kit.plot_points({"cuatro": data}, "título")

    (ax,) = figure.axes
    assert [len(marks.get_offsets()) for marks in ax.collections] == [2, 2]
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["clase 0", "clase 1"]
    assert ax.get_xlabel()
    assert ax.get_ylabel()


def test_regions_show_what_a_classifier_answers(data):
    """A classifier is asked for points in the plane, float32 with two coordinates, and gets a panel with its name."""
    asked = []

    def classify(points):
        asked.append(points)
        right = points[:, :1] > 0.5
        return np.hstack([~right, right]).astype(float)

    figure = kit.plot_regions({"recta": classify}, data, "título")

    assert asked[0].shape[1] == 2
    assert asked[0].dtype == np.float32
    assert figure.axes[0].get_title() == "recta"
    assert figure.axes[1].get_ylabel() == "probabilidad de la clase 1"
