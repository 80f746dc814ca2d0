"""Exercise 3: the two plots of depth against width."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.homework import HISTORY_KEYS
from grader.checks.lesson_107_losses_and_depth import figures
from grader.checks.lesson_107_losses_and_depth.check_3_scaling import NETWORKS
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T
from grader.randomness import Generator
from grader.wire.values import AxesFacts, FigureFacts, LineFacts


def _curves(rng: Generator, names: list[str]) -> dict[str, dict[str, list[float]]]:
    epochs = int(rng.integers(5, 9))
    return {name: {key: rng.uniform(0.1, 1, epochs).tolist() for key in HISTORY_KEYS} for name in names}


@check(exercise="3", points=2)
def check_learning_curves(student: Student, rng: Generator) -> None:
    """plot_learning_curves draws loss and accuracy, training and validation, one labelled line for each."""
    what = "plot_learning_curves"
    histories = _curves(
        rng, rng.permutation(["ancha", "profunda", "mse", "sigmoid"])[: int(rng.integers(2, 4))].tolist()
    )
    figure = expect.figure(student.call(what, histories), what)
    together = [_expect_curve(figure, histories, name, key, what) for name in histories for key in HISTORY_KEYS]
    losses, accuracies = set(together[0::4] + together[2::4]), set(together[1::4] + together[3::4])
    if len(losses) > 1 or len(accuracies) > 1 or losses & accuracies:
        raise Mismatch(T("`{what}`: the losses belong on one axes and the accuracies on another.", what=what))
    expect.words(figure, what)


def _expect_curve(figure: FigureFacts, histories: Any, name: str, key: str, what: str) -> int:
    """The number of the axes that have the line of this history and key, once its label is right."""
    values = histories[name][key]
    scales = (1.0, 100.0) if "accuracy" in key else (1.0,)
    for number, axes, line in figures.lines_of(figure, values, what, scales):
        figures.expect_label(axes, line, name, what)
        return number
    raise Mismatch(T('`{what}`: no line shows histories["{name}"]["{key}"].', what=what, name=name, key=key))


def _stands_over(axes: AxesFacts, line: LineFacts, names: list[str]) -> bool:
    """Whether the line goes over tick labels that are these names, as it does when the sizes are texts."""
    ticks = [axes.texts[start : start + len(names)] for start in range(len(axes.texts))]
    return np.array_equal(line.x, range(len(names))) and names in ticks


@check(exercise="3", points=2)
def check_scaling_plot(student: Student, rng: Generator) -> None:
    """plot_parity_scaling draws one labelled line for each network: accuracy over the number of bits."""
    what = "plot_parity_scaling"
    sizes = sorted(rng.choice(np.arange(2, 13), 4, replace=False).tolist())
    results = {name: dict(zip(sizes, rng.uniform(0.5, 1, 4).tolist(), strict=True)) for name in NETWORKS}
    figure = expect.figure(student.call(what, results), what)
    for name in NETWORKS:
        accuracies = list(results[name].values())
        found = figures.lines_of(figure, accuracies, what, (1.0, 100.0))
        if not found:
            raise Mismatch(T('`{what}`: no line shows the accuracies of results["{name}"].', what=what, name=name))
        _, axes, line = found[0]
        if not np.array_equal(line.x, sizes) and not _stands_over(axes, line, [str(size) for size in sizes]):
            raise Mismatch(
                T("`{what}`: the horizontal axis should be the number of bits, {sizes}.", what=what, sizes=sizes)
            )
        figures.expect_label(axes, line, name, what)
    expect.words(figure, what)
