"""What the checks of lesson 107 ask of a model that a student builds: shapes, zero biases, initializers, outputs."""

from __future__ import annotations

from grader.judge import expect
from grader.judge.check import Mismatch
from grader.judge.kernels import expect_kernel
from grader.language.messages import T
from grader.mathematics import network
from grader.wire.values import ModelFacts


def layers_of(model: ModelFacts, sizes: list[int], what: str) -> network.Layers:
    """The model's weights as layers, once their shapes are those of a dense network with these sizes."""
    weights = [array for layer in model.layers for array in layer.weights]
    return network.pairs(expect.weights(weights, sizes, what))


def expect_initialized(layers: network.Layers, initializer: str, what: str, comparisons: int) -> None:
    """Hidden kernels drawn by ``initializer``, the last one by Keras' default, zero biases."""
    names = [initializer] * (len(layers) - 1) + ["glorot_uniform"]
    for index, ((kernel, bias), name) in enumerate(zip(layers, names, strict=True), start=1):
        if bias.any():
            raise Mismatch(
                T("`{what}`: a bias does not start at zero. Leave bias_initializer at its default.", what=what)
            )
        expect_kernel(kernel, name, T("Kernel {index} of {total}", index=index, total=len(layers)), comparisons)
