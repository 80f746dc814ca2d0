"""Exercise 2: an MLP builder and a plot of validation losses."""

from __future__ import annotations

from typing import Any

import numpy as np

from data.homework import HISTORY_KEYS
from grader.judge import expect, plots
from grader.judge.check import Mismatch, Student, check
from grader.judge.kernels import expect_kernel
from grader.language.messages import T
from grader.mathematics import network
from grader.randomness import Generator
from grader.wire.values import FunctionName, ModelFacts

NAMES = ("glorot_uniform", "he_normal", "random_normal")


def _network(model: ModelFacts, sizes: list[int], what: str) -> network.Layers:
    """The model's weights as layers, once their shapes are those of an MLP with these sizes."""
    weights = [array for layer in model.layers for array in layer.weights]
    return network.pairs(expect.weights(weights, sizes, what))


def _build(
    student: Student, units: list[int], activation: str, initializer: str, **inputs: Any
) -> tuple[ModelFacts, network.Layers, str]:
    what = f'build_mlp({units}, "{activation}", "{initializer}")'
    model = expect.model(student.call("build_mlp", units, activation, initializer, **inputs), what)
    return model, _network(model, [inputs.get("input_dim", 784), *units], what), what


@check(exercise="2", points=2)
def check_mlp(student: Student, rng: Generator) -> None:
    """build_mlp stacks the layers it is asked for, with their activation and a softmax at the end."""
    for activation in rng.permutation(["relu", "tanh", "elu"])[:2].tolist():
        units, inputs = rng.integers(5, 40, 4).tolist(), int(rng.integers(20, 60))
        model, layers, what = _build(student, units, activation, "he_normal", input_dim=inputs)
        x = rng.normal(size=(8, inputs)).astype(np.float32)
        outputs = expect.array(student.tool("predict", model, x), (8, units[-1]), f"{what}(x)")
        hint = T(" Hidden layers: the activation asked for. Last layer: softmax.")
        expect.same(outputs, network.predict(layers, x, activation), f"{what}(x)", hint=hint)


@check(exercise="2", points=2)
def check_mlp_initializers(student: Student, rng: Generator) -> None:
    """build_mlp draws the hidden kernels as asked and the last one with Keras' default."""
    for initializer in rng.permutation(["he_normal", "he_uniform", "lecun_normal"])[:2].tolist():
        _, layers, _ = _build(student, [160, 120, 90], "relu", initializer)
        names = [initializer, initializer, "glorot_uniform"]
        for index, ((kernel, _), name) in enumerate(zip(layers, names, strict=True), start=1):
            expect_kernel(kernel, name, T("Kernel {index} of {total}", index=index, total=3), comparisons=6)
    width = int(rng.integers(20, 40))
    built = student.tool("built_with_an_object", FunctionName("build_mlp"), "he_normal", [width] * 3, width)
    kernels = [kernel for kernel, _ in network.pairs(expect.weights(built, [width] * 4, "build_mlp"))]
    if np.array_equal(kernels[0], kernels[1]):
        raise Mismatch(
            T(
                "`build_mlp`: two layers have the same kernel when the initializer is an object. Give each layer its "
                "own: own_copy(kernel_initializer)."
            )
        )


@check(exercise="2", points=1)
def check_mlp_biases(student: Student, rng: Generator) -> None:
    """build_mlp starts all biases at zero."""
    _, layers, what = _build(student, rng.integers(5, 40, 3).tolist(), "relu", "he_normal", input_dim=20)
    if any(np.any(bias != 0) for _, bias in layers):
        raise Mismatch(T("`{what}`: a bias does not start at zero. Leave bias_initializer at its default.", what=what))


@check(exercise="2", points=2)
def check_val_loss_plot(student: Student, rng: Generator) -> None:
    """plot_val_loss draws one labelled line for each initializer, with its val_loss."""
    epochs = int(rng.integers(4, 9))
    drawn = {name: rng.uniform(0.2, 2.5, epochs).tolist() for name in NAMES}
    histories = {
        name: {key: curve if key == "val_loss" else rng.uniform(0.1, 1, epochs).tolist() for key in HISTORY_KEYS}
        for name, curve in drawn.items()
    }
    figure = expect.figure(student.call("plot_val_loss", histories), "plot_val_loss")
    lines = [line for axes in figure.axes for line in axes.lines]
    legend = [text for axes in figure.axes for text in axes.legend]
    for name, curve in drawn.items():
        same = [line for line in lines if len(line.y) == epochs and np.allclose(line.y, curve, rtol=1e-5)]
        found = plots.seen(same, "plot_val_loss")
        if not found:
            raise Mismatch(T('`plot_val_loss`: no line shows histories["{name}"]["val_loss"].', name=name))
        label = found[0].label
        if label.startswith("_") or label not in legend or (name not in label and any(key in label for key in NAMES)):
            raise Mismatch(
                T(
                    "`plot_val_loss`: the line of {name} is not in the legend under its key. Give it that label and "
                    "call legend().",
                    name=name,
                )
            )
    if len({line.label for line in lines}) < len(NAMES):
        raise Mismatch(T("`plot_val_loss`: each line needs a label of its own."))
    expect.words(figure, "plot_val_loss")
