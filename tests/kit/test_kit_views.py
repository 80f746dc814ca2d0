"""The kit's viewer and histograms: what a student sees with and without a slider, layer by layer."""

import sys
from types import ModuleType

import matplotlib.pyplot as plt
import numpy as np
import pytest

import kit
from kit import viewer


@pytest.fixture(autouse=True)
def no_figures():
    """Figures of one test are not seen by the next."""
    yield
    plt.close("all")


@pytest.fixture
def drawn():
    """The indices that were drawn."""
    return []


@pytest.fixture
def draw(drawn):
    """A function that draws, and notes which example."""

    def note(index):
        drawn.append(index)
        return plt.figure()

    return note


@pytest.fixture
def widgets(monkeypatch):
    """A notebook that has ipywidgets; what was asked of them."""
    module, asked = ModuleType("ipywidgets"), {}
    module.IntSlider = lambda *limits, **_: limits
    module.interact = lambda show, index: asked.update(show=show, limits=index)
    monkeypatch.setitem(sys.modules, "ipywidgets", module)
    monkeypatch.setattr(viewer, "in_notebook", lambda: True)
    monkeypatch.setattr(viewer, "find_spec", lambda _: True)
    return asked


def test_without_a_notebook_one_example_is_drawn(draw, drawn, capsys):
    """The figure of the first example appears once, and a line says how to see another."""
    assert kit.slide(draw, 10, start=3) is None

    assert drawn == [3]
    assert "Ejemplo 3 de 0 a 9" in capsys.readouterr().out


def test_a_notebook_without_ipywidgets_does_the_same(draw, drawn, monkeypatch):
    """The package is optional."""
    monkeypatch.setattr(viewer, "in_notebook", lambda: True)
    monkeypatch.setattr(viewer, "find_spec", lambda _: None)

    kit.slide(draw, 10)

    assert drawn == [0]


def test_the_slider_covers_every_example(draw, drawn, widgets):
    """It goes from 0 to the last one, begins at ``start``, and draws what it points at without returning it."""
    kit.slide(draw, 10, start=4)

    assert widgets["limits"] == (4, 0, 9)
    assert widgets["show"](7) is None
    assert drawn == [7]


@pytest.mark.parametrize("start", [-1, 10])
def test_an_example_that_does_not_exist_is_refused(draw, start):
    """The message says which ones there are."""
    with pytest.raises(ValueError, match="entre 0 y 9"):
        kit.slide(draw, 10, start=start)


def test_histograms_show_activations_above_and_gradients_below():
    """A column per layer; gradients by their order of magnitude, zeros left out."""
    activations = [np.full((4, 3), 0.5), np.full((4, 2), 0.25)]
    gradients = [np.full((4, 3), 1e-3), np.array([[0.0, -1e-5]] * 4)]

    figure = kit.plot_signal_histograms(activations, gradients, "Red de prueba")

    above, below = figure.axes[:2], figure.axes[2:]
    assert [ax.get_title() for ax in above] == ["Capa 1\nmediana 0.5", "Capa 2\nmediana 0.25"]
    assert [ax.get_title() for ax in below] == ["Capa 1\nmediana -3", "Capa 2\nmediana -5"]
    assert sum(patch.get_height() for patch in below[1].patches) == 4
    assert figure.get_suptitle() == "Red de prueba"


def test_a_layer_without_any_gradient_is_drawn_empty():
    """Gradients that are all zero have no order of magnitude."""
    figure = kit.plot_signal_histograms([np.ones(3)], [np.zeros(3)], "Sin gradiente")

    assert sum(patch.get_height() for patch in figure.axes[1].patches) == 0
