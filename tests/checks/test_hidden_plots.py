"""Every check of a plot looks at whether it can be seen."""

import numpy as np
import pytest
from msgspec.structs import replace

from grader.results import Outcome
from grader.wire.values import FigureFacts
from tests.support import figures
from tests.support.judging import Checks
from tests.support.lessons.student_107_losses_and_depth import LossesStudent
from tests.support.lessons.student_108_initialization import NumpyStudent
from tests.support.lessons.student_109_activations import ActivationsStudent

STUDENTS = {
    "107_losses_and_depth": LossesStudent,
    "108_initialization": NumpyStudent,
    "109_activations": ActivationsStudent,
}
PLOTS = [
    ("107_losses_and_depth", "example_picture", "show_example", "the picture"),
    ("107_losses_and_depth", "prediction_picture", "show_prediction", "the picture"),
    ("107_losses_and_depth", "prediction_bars", "show_prediction", "the group of bars"),
    ("107_losses_and_depth", "learning_curves", "plot_learning_curves", "the line"),
    ("107_losses_and_depth", "scaling_plot", "plot_parity_scaling", "the line"),
    ("107_losses_and_depth", "signal_plot", "plot_signal", "the line"),
    ("108_initialization", "val_loss_plot", "plot_val_loss", "the line"),
    ("108_initialization", "histograms", "plot_activation_histograms", "the group of bars"),
    ("109_activations", "comparison_plot", "plot_comparison", "the line"),
]
PARTS = ("lines", "bars", "pictures")
ALPHA, COVERED = replace(figures.SEEN, alpha=0.0, pixels=0, change=0.0), replace(figures.SEEN, pixels=0, change=0.0)
UNTOLD = replace(figures.SEEN, within=float("nan"), change=float("nan"))


def drawing(lesson, function, change):
    """A stand-in whose figure is changed, axes by axes."""
    right = getattr(STUDENTS[lesson](), function)
    return STUDENTS[lesson](**{function: lambda *args: FigureFacts([change(axes) for axes in right(*args).axes])})


def in_sight(axes, sight):
    """The axes with everything on them in the same sight."""
    return replace(axes, **{name: [replace(part, sight=sight) for part in getattr(axes, name)] for name in PARTS})


@pytest.mark.parametrize(("lesson", "check", "function", "what"), PLOTS, ids=lambda value: value)
@pytest.mark.parametrize(("sight", "why"), [(ALPHA, "its alpha is 0"), (COVERED, "covers it"), (UNTOLD, "cannot be")])
def test_a_plot_that_cannot_be_seen_fails_and_says_why(lesson, check, function, what, sight, why):
    """The right lines, bars or pictures earn nothing where nobody sees them."""
    student = drawing(lesson, function, lambda axes: in_sight(axes, sight))

    result = Checks(lesson).outcome_of(check, student)

    assert result.outcome is Outcome.FAILED
    assert what in result.message
    assert why in result.message


@pytest.mark.parametrize(("lesson", "check", "function", "what"), PLOTS, ids=lambda value: value)
def test_what_is_seen_beside_it_does_not_help(lesson, check, function, what):  # noqa: ARG001 - one table
    """A decoy of each kind in full view shows nothing that was asked for."""
    decoy = {
        "lines": [figures.line("señuelo", [0.0, 1.0], [0.0, 1.0])],
        "bars": [figures.bars(np.ones(10))],
        "pictures": [figures.picture(np.eye(28))],
    }

    def hide(axes):
        hidden = in_sight(axes, ALPHA)
        return replace(hidden, **{name: [*more, *getattr(hidden, name)] for name, more in decoy.items()})

    assert Checks(lesson).outcome_of(check, drawing(lesson, function, hide)).outcome is Outcome.FAILED


@pytest.mark.parametrize(("lesson", "check", "function", "what"), PLOTS, ids=lambda value: value)
def test_hidden_copies_beside_it_do_no_harm(lesson, check, function, what):  # noqa: ARG001 - one table
    """What is seen counts, whatever else is there."""

    def double(axes):
        hidden = in_sight(axes, COVERED)
        return replace(axes, **{name: [*getattr(hidden, name), *getattr(axes, name)] for name in PARTS})

    assert Checks(lesson).outcome_of(check, drawing(lesson, function, double)).outcome is Outcome.PASSED


HISTOGRAMS = {
    "two bars": (lambda h: np.histogram(h, 2), "fewer than 6 bars"),
    "heights times three": (lambda h: (3 * np.histogram(h, 30)[0], np.histogram(h, 30)[1]), "do not show"),
    "all bars alike": (lambda h: (np.full(30, h.size / 30), np.linspace(0, 1, 31)), "do not show"),
    "one full bar": (lambda h: ([h.size, *[0.0] * 29], np.linspace(0, 1, 31)), "do not show"),
    "of no width": (lambda h: (np.histogram(h, 30)[0], np.zeros(31)), "do not show"),
}


@pytest.mark.parametrize("way", HISTOGRAMS)
def test_bars_that_do_not_count_the_values_fail(way):
    """The activations' own distribution is asked for, in bars enough to tell it from another."""
    count, why = HISTOGRAMS[way]
    right = NumpyStudent().plot_activation_histograms

    def plot(activations):
        drawn = zip(right(activations).axes, activations, strict=True)
        return FigureFacts([replace(axes, bars=[figures.bars(*count(h))]) for axes, h in drawn])

    result = Checks("108_initialization").outcome_of("histograms", NumpyStudent(plot_activation_histograms=plot))

    assert result.outcome is Outcome.FAILED
    assert why in result.message
