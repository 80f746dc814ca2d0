"""Exercise 1: the five pairs' validation loss and accuracy, drawn."""

from __future__ import annotations

import numpy as np

from data.homework import HISTORY_KEYS
from grader.checks.lesson_109_activations.check_1_training import KEYS
from grader.judge import expect, plots
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T
from grader.randomness import Generator
from grader.wire.values import AxesFacts

RANGES = {key: (0.55, 0.95) if "accuracy" in key else (0.1, 0.9) for key in HISTORY_KEYS}
"""Where two classes leave a history: an axis of accuracies may begin at one half."""
PANELS = ("val_loss", "val_accuracy")
Histories = dict[str, dict[str, list[float]]]


@check(exercise="1", points=2)
def check_comparison_plot(student: Student, rng: Generator) -> None:
    """plot_comparison draws val_loss and val_accuracy on axes of their own, a labelled line for each pair."""
    epochs = int(rng.integers(4, 9))
    histories: Histories = {
        pair: {key: rng.uniform(*RANGES[key], epochs).tolist() for key in HISTORY_KEYS} for pair in KEYS
    }
    figure = expect.figure(student.call("plot_comparison", histories), "plot_comparison")
    drawn = [axes for axes in figure.axes if axes.lines]
    if len(drawn) != len(PANELS):
        raise Mismatch(
            T(
                "`plot_comparison`: expected {expected} axes with lines, received {received}.",
                expected=len(PANELS),
                received=len(drawn),
            )
        )
    for axes, key in zip(drawn, PANELS, strict=True):
        _expect_panel(axes, key, histories)


def _expect_panel(axes: AxesFacts, key: str, histories: Histories) -> None:
    for pair, history in histories.items():
        same = [line for line in axes.lines if len(line.y) == len(history[key]) and np.allclose(line.y, history[key])]
        found = plots.seen(same, "plot_comparison")
        if not found:
            others = [name for name in history if any(np.array_equal(line.y, history[name]) for line in axes.lines)]
            raise Mismatch(
                T(
                    '`plot_comparison`: no line on the axes of {key} shows histories["{pair}"]["{key}"].{hint}',
                    key=key,
                    pair=pair,
                    hint=T(" They show {others}.", others=", ".join(others)) if others else "",
                )
            )
        if pair not in found[0].label or found[0].label not in axes.legend:
            raise Mismatch(
                T(
                    "`plot_comparison`: on the axes of {key}, the line of {pair} is not in the legend under its key. "
                    "Give it that label and call legend() on both axes.",
                    key=key,
                    pair=pair,
                )
            )
    if not (axes.xlabel and axes.ylabel):
        raise Mismatch(T("`plot_comparison`: name both axes of {key}: set_xlabel and set_ylabel.", key=key))
