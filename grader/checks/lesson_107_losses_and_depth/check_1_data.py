"""Exercise 1: a viewer of images, and one of predictions."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth import figures
from grader.judge import expect, plots
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.activations import softmax
from grader.randomness import Generator
from grader.wire.values import AxesFacts, FigureFacts

COUNT, CLASSES, PIXELS = 14, 10, figures.SIDE**2


@dataclass(frozen=True)
class Shown:
    """A student's figure of one image, and what it should be about."""

    figure: FigureFacts
    images: Array
    label: int
    index: int
    what: str


def _draw(rng: Generator) -> tuple[Array, Array, int]:
    """Noisy pictures, their labels, and an index that is neither the first one nor any label's number."""
    images = rng.random((COUNT, PIXELS)).astype(np.float32)
    labels = rng.permutation(np.arange(COUNT) % CLASSES).astype(np.int32)
    return images, labels, int(rng.integers(CLASSES, COUNT))


def _example(student: Student) -> Shown:
    def compute(rng: Generator) -> Shown:
        images, labels, index = _draw(rng)
        what = f"show_example(images, labels, {index})"
        figure = expect.figure(student.call("show_example", images, labels, index), what)
        return Shown(figure, images, int(labels[index]), index, what)

    return student.once("show_example", compute)


@check(exercise="1", points=3)
def check_example_picture(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """show_example draws the image that it is asked for, upright and of 28 × 28."""
    shown = _example(student)
    figures.expect_picture(shown.figure, shown.images, shown.index, shown.what)


@check(exercise="1", points=2)
def check_example_title(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """show_example names the image's class in the title."""
    shown = _example(student)
    texts = [axes.title for axes in shown.figure.axes] + shown.figure.texts
    figures.expect_class_name(texts, shown.label, shown.what, T("the title"))


@dataclass(frozen=True)
class Predicted(Shown):
    """The same with the probabilities of all images under the network that was given, and its logits."""

    probabilities: Array
    logits: Array

    @property
    def guess(self) -> int:
        """The most probable class."""
        return int(self.probabilities[self.index].argmax())


def _prediction(student: Student) -> Predicted:
    def compute(rng: Generator) -> Predicted:
        images, labels, index = _draw(rng)
        layers = network.new_network([24, CLASSES], "he_normal", PIXELS, rng)
        logits = network.logits(layers, images)
        probabilities = softmax(logits)
        # A wrong prediction tells the true class from the predicted one.
        labels[index] = (int(probabilities[index].argmax()) + int(rng.integers(1, CLASSES))) % CLASSES
        model = student.tool("build_network", layers, "relu")
        what = f"show_prediction(model, images, labels, {index})"
        figure = expect.figure(student.call("show_prediction", model, images, labels, index), what)
        return Predicted(figure, images, int(labels[index]), index, what, probabilities, logits)

    student.require("show_prediction")
    return student.once("show_prediction", compute)


@check(exercise="1", points=2)
def check_prediction_picture(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """show_prediction draws the image, its true class in the title."""
    shown = _prediction(student)
    axes = figures.expect_picture(shown.figure, shown.images, shown.index, shown.what)
    where = T("the title of the image")
    figures.expect_class_name([axes.title], shown.label, shown.what, where, also=[shown.guess])


def _bars(shown: Predicted) -> tuple[AxesFacts, list[float]]:
    """The axes with at least as many bars as classes, and what these bars show, standing or lying."""
    for axes in shown.figure.axes:
        if sum(len(bars.height) for bars in axes.bars) >= CLASSES:
            drawn = plots.seen(axes.bars, shown.what)
            heights, widths = ([*chain(*each)] for each in zip(*((b.height, b.width) for b in drawn), strict=True))
            return axes, widths if len(set(heights)) == 1 else heights
    counts = [sum(len(bars.height) for bars in axes.bars) for axes in shown.figure.axes]
    raise Mismatch(
        T(
            "`{what}`: expected {expected} bars on one axes; received {received}.",
            what=shown.what,
            expected=CLASSES,
            received=counts,
        )
    )


def _matches(found: list[float], wanted: Array) -> bool:
    """Whether ten bars in a row are these; some draw one again to colour it."""
    windows = (found[start : start + CLASSES] for start in range(len(found) - CLASSES + 1))
    return any(np.allclose(window, wanted, rtol=1e-3, atol=1e-5) for window in windows)


@check(exercise="1", points=3)
def check_prediction_bars(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """show_prediction draws ten bars: the probability that the network gives to each class, in order."""
    shown = _prediction(student)
    _, found = _bars(shown)
    p, z = shown.probabilities[shown.index], shown.logits[shown.index]
    if _matches(found, p):
        return
    hints = [
        (np.sort(p), T(" Leave them in the order of the classes.")),
        (np.sort(p)[::-1], T(" Leave them in the order of the classes.")),
        (100 * p, T(" Probabilities are fractions, not percentages.")),
        (softmax(p), T(" The network's output is a softmax already: do not apply another one.")),
        (z, T(" These are the logits.")),
        (shown.probabilities.mean(axis=0), T(" It is the mean over all images.")),
        *((row, T(" They are those of another image: use the argument `index`.")) for row in shown.probabilities),
    ]
    raise Mismatch(
        T(
            "`{what}`: the bars are not the probabilities of the network for this image.{hint}",
            what=shown.what,
            hint=next((hint for wrong, hint in hints if _matches(found, wanted=wrong)), Text("")),
        )
    )


@check(exercise="1", points=2)
def check_prediction_labels(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """show_prediction names the most probable class above the bars, and both axes."""
    shown = _prediction(student)
    axes, _ = _bars(shown)
    where = T("the title of the bars")
    figures.expect_class_name([axes.title], shown.guess, shown.what, where, also=[shown.label])
    if not (axes.xlabel and axes.ylabel):
        raise Mismatch(T("`{what}`: the bars need a name on both axes: set_xlabel and set_ylabel.", what=shown.what))
