"""Exercise 3: activations layer by layer."""

from __future__ import annotations

import numpy as np

from grader.arrays import Array
from grader.judge import expect, plots
from grader.judge.check import Mismatch, Student, check
from grader.judge.histograms import MIN_BARS, is_histogram
from grader.language.messages import T
from grader.mathematics import network
from grader.randomness import Generator
from grader.wire.values import AxesFacts


@check(exercise="3", points=3)
def check_layer_activations(student: Student, rng: Generator) -> None:
    """layer_activations returns the outputs of the hidden layers, and only theirs."""
    student.require("layer_activations")
    activation = str(rng.choice(["relu", "tanh"]))
    units, inputs = rng.integers(6, 30, 4).tolist(), int(rng.integers(10, 40))
    layers = network.new_network(units, "he_normal", inputs, rng)
    batch = rng.normal(size=(int(rng.integers(5, 30)), inputs)).astype(np.float32)
    model = student.tool("build_network", layers, activation)
    received = student.call("layer_activations", model, batch)
    expected = network.hidden(layers, batch, activation)
    if isinstance(received, list) and len(received) == len(expected) + 1:
        raise Mismatch(
            T(
                "`layer_activations` returned {count} arrays for {expected} hidden layers. Leave the softmax (or "
                "the input) out.",
                count=len(received),
                expected=len(expected),
            )
        )
    for index, (found, wanted) in enumerate(
        zip(expect.sequence(received, len(expected), "layer_activations"), expected, strict=True)
    ):
        what = f"layer_activations(…)[{index}]"
        expect.same(
            expect.array(found, wanted.shape, what),
            wanted,
            what,
            hint=T(" It should be the output after the activation."),
        )


@check(exercise="3", points=2)
def check_activation_variances(student: Student, rng: Generator) -> None:
    """activation_variances gives one variance for each layer, over all its values."""
    activations = [
        rng.normal(rng.uniform(1, 3), rng.uniform(2, 4), (40, width)).astype(np.float32) for width in (7, 5, 3)
    ]
    received = expect.sequence(
        student.call("activation_variances", activations), len(activations), "activation_variances"
    )
    for index, (found, h) in enumerate(zip(received, activations, strict=True)):
        hints = [
            (float(h.std()), T(" Your value is the standard deviation.")),
            (float(np.square(h).mean()), T(" Your value is E[h²]; the variance subtracts the mean first.")),
            (
                float(h.var(axis=0).mean()),
                T(" Your value is the mean of each unit's variance; take all values together."),
            ),
        ]
        expect.close(
            found, float(h.astype(np.float64).var()), f"activation_variances(…)[{index}]", rtol=1e-3, hints=hints
        )


@check(exercise="3", points=3)
def check_histograms(student: Student, rng: Generator) -> None:
    """plot_activation_histograms draws a labelled histogram for each layer, on axes of its own."""
    concentrated = np.full((60, 8), 0.5, np.float32)
    concentrated[0, 0] = 0.0
    activations = [
        rng.uniform(0, 1, (60, 8)).astype(np.float32),
        concentrated,
        rng.uniform(0, 1, (60, 8)).astype(np.float32),
    ]
    order = rng.permutation(3)
    activations = [activations[index] for index in order]
    figure = expect.figure(student.call("plot_activation_histograms", activations), "plot_activation_histograms")
    drawn = [axes for axes in figure.axes if axes.bars]
    if len(drawn) != len(activations):
        raise Mismatch(
            T(
                "`plot_activation_histograms`: expected {expected} axes with a histogram, received {received}.",
                expected=len(activations),
                received=len(drawn),
            )
        )
    for index, (axes, h) in enumerate(zip(drawn, activations, strict=True), start=1):
        _expect_histogram(axes, h, index)
    if len({_label(axes) for axes in drawn}) < len(drawn):
        raise Mismatch(T("`plot_activation_histograms`: each axes needs a title of its own that names the layer."))
    expect.words(figure, "plot_activation_histograms", title=False)


def _label(axes: AxesFacts) -> str:
    return axes.title or axes.xlabel or axes.ylabel


def _expect_histogram(axes: AxesFacts, h: Array, index: int) -> None:
    if not _label(axes):
        raise Mismatch(T("`plot_activation_histograms`: axes {index} have no title.", index=index))
    drawn = plots.seen(axes.bars, "plot_activation_histograms")
    if not is_histogram(drawn, h, fewest=1):
        raise Mismatch(
            T(
                "`plot_activation_histograms`: axes {index} do not show the values of layer {index}. Draw all of them "
                "in one histogram, h.ravel(), and leave its heights as they are.",
                index=index,
            )
        )
    spread = float(np.mean(h == np.median(h))) < 0.5
    if spread and not is_histogram(drawn, h):
        raise Mismatch(
            T(
                "`plot_activation_histograms`: axes {index} show the values of layer {index} in fewer than {fewest} "
                "bars, where one distribution looks like another. Use more bins.",
                index=index,
                fewest=MIN_BARS,
            )
        )
