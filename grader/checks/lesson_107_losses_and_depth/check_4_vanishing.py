"""Exercise 4: gradients that vanish with depth."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_107_losses_and_depth.models import expect_initialized, layers_of
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_images
from grader.language.messages import T, Text
from grader.mathematics import losses, network
from grader.mathematics.activations import softmax
from grader.randomness import Generator

INPUTS, LAYERS, WIDTH, CLASSES = 784, 4, 64, 10


@check(exercise="4", points=2)
def check_deep_mlp(student: Student, rng: Generator) -> None:
    """build_deep_mlp stacks four layers of 64, or as many and as wide as asked, below a softmax of 10."""
    activation = str(rng.choice(["sigmoid", "tanh", "elu"]))
    width, depth = int(rng.integers(8, 30)), int(rng.choice([2, 3, 5, 6]))
    cases: tuple[dict[str, Any], ...] = ({}, {"width": width, "depth": depth})
    for options in cases:
        what = f'build_deep_mlp("{activation}", "he_normal"{"".join(f", {k}={v}" for k, v in options.items())})'
        model = expect.model(student.call("build_deep_mlp", activation, "he_normal", **options), what)
        sizes = [INPUTS, *[options.get("width", WIDTH)] * options.get("depth", LAYERS), CLASSES]
        layers = layers_of(model, sizes, what)
        x = rng.normal(size=(7, INPUTS)).astype(np.float32)
        outputs = expect.array(student.tool("predict", model, x), (7, CLASSES), f"{what}(x)")
        hint = T(" Hidden layers: the activation asked for. Last layer: softmax.")
        expect.same(outputs, network.predict(layers, x, activation), f"{what}(x)", hint=hint)


@check(exercise="4", points=3)
def check_deep_mlp_initializers(student: Student, rng: Generator) -> None:
    """build_deep_mlp draws the hidden kernels as asked and the last one with Keras' default, biases zero."""
    for initializer in rng.permutation(["he_normal", "lecun_normal", "he_uniform"])[:2].tolist():
        what = f'build_deep_mlp("relu", "{initializer}", width=120, depth=3)'
        model = expect.model(student.call("build_deep_mlp", "relu", initializer, width=120, depth=3), what)
        layers = layers_of(model, [INPUTS, 120, 120, 120, CLASSES], what)
        expect_initialized(layers, initializer, what, comparisons=8)


# --- gradients --------------------------------------------------------------------------------------------------


def _norms(layers: network.Layers) -> list[float]:
    return [float(np.sqrt(np.square(kernel).sum())) for kernel, _ in layers]


def _hints(layers: network.Layers, x: Array, y: Array, activation: str) -> list[tuple[list[float], Text]]:
    """What known misconceptions give instead."""
    found = network.gradients(layers, x, y, activation)
    norms = _norms(found)

    def twice(z: Array) -> Array:
        p = softmax(z)
        outer = losses.CROSS_ENTROPY.slope(p, y)
        return np.asarray(p * (outer - (p * outer).sum(axis=-1, keepdims=True)))

    def squared(z: Array) -> Array:
        return losses.MSE.slope(z, y)

    with_biases = [math.sqrt(norm**2 + float(np.square(db).sum())) for norm, (_, db) in zip(norms, found, strict=True)]
    weights = [float(np.sqrt(np.square(kernel).sum())) for kernel, _ in layers]
    return [
        (norms[::-1], T(" They come in the reverse order: first the first layer.")),
        ([norm * len(y) for norm in norms], T(" Yours is the gradient of the sum over the batch; take the mean.")),
        ([norm**2 for norm in norms], T(" The square root is missing.")),
        ([float(np.abs(dk).sum()) for dk, _ in found], T(" You add up absolute values; the norm is √(Σ g²).")),
        ([float(np.abs(dk).max()) for dk, _ in found], T(" Yours is the largest |g|; the norm is √(Σ g²).")),
        ([float(np.abs(dk).mean()) for dk, _ in found], T(" Yours is the mean of |g|; the norm is √(Σ g²).")),
        ([float(dk.std()) for dk, _ in found], T(" Yours is the standard deviation of g; the norm is √(Σ g²).")),
        ([math.sqrt(float(np.square(dk).mean())) for dk, _ in found], T(" You take a mean under the root: √(Σ g²).")),
        (
            [float(np.linalg.norm(dk, 2)) for dk, _ in found],
            T(" Yours is the spectral norm; flatten the kernel first."),
        ),
        ([float(np.sqrt(np.square(db).sum())) for _, db in found], T(" These are the biases' gradients.")),
        (with_biases, T(" The biases are not counted.")),
        (weights, T(" These are the norms of the weights, not of their gradients.")),
        (
            _norms(network.backpropagate(layers, x, twice, activation)[1]),
            T(" The model's output is a softmax already: from_logits=False."),
        ),
        (
            _norms(network.backpropagate(layers, x, squared, activation)[1]),
            T(" The loss is cross-entropy, not the squared error."),
        ),
    ]


def _expect_norms(student: Student, rng: Generator, activation: str) -> None:
    units, count = rng.integers(12, 40, int(rng.integers(2, 5))).tolist(), int(rng.integers(20, 60))
    layers = network.new_network([*units, CLASSES], "he_normal", INPUTS, rng)
    layers = [(kernel, rng.normal(0, 0.3, bias.shape).astype(np.float32)) for kernel, bias in layers]
    x, y, _, _ = draw_images(rng, count, 1)
    model = student.tool("build_network", layers, activation)
    received = student.call("gradient_norms", model, x, y)
    wanted = _norms(network.gradients(layers, x, y, activation))
    if isinstance(received, list) and len(received) == 2 * len(wanted):
        raise Mismatch(
            T(
                "`gradient_norms` returned {count} numbers for {expected} kernels: leave the biases out.",
                count=len(received),
                expected=len(wanted),
            )
        )
    found = [
        expect.number(value, "gradient_norms(…)") for value in expect.sequence(received, len(wanted), "gradient_norms")
    ]
    if np.allclose(found, wanted, rtol=2e-3):
        return
    wrong = _hints(layers, x, y, activation)
    hint = next((text for values, text in wrong if np.allclose(found, values, rtol=2e-3)), Text(""))
    raise Mismatch(
        T(
            "`gradient_norms` ({activation}): expected {expected}, received {received}.{hint}",
            activation=activation,
            expected=expect.show(wanted),
            received=expect.show(found),
            hint=hint,
        )
    )


@check(exercise="4", points=5)
def check_gradient_norms(student: Student, rng: Generator) -> None:
    """gradient_norms gives the norm of the mean cross-entropy's gradient for each kernel, in order."""
    student.require("gradient_norms")
    for activation in rng.permutation(["relu", "sigmoid", "tanh"])[:2].tolist():
        _expect_norms(student, rng, activation)


@check(exercise="4", points=1)
def check_gradients_leave_the_model(student: Student, rng: Generator) -> None:
    """The model that gradient_norms looks at stays as it is."""
    student.require("gradient_norms")
    layers = network.new_network([12, 11, CLASSES], "he_normal", INPUTS, rng)
    x, y, _, _ = draw_images(rng, 30, 1)
    model = student.tool("build_network", layers, "relu")
    expect.sequence(student.call("gradient_norms", model, x, y), len(layers), "gradient_norms")
    before = [array for layer in layers for array in layer]
    after = expect.sequence(student.tool("weights_of", model), len(before), "model.get_weights()")
    for index, (found, wanted) in enumerate(zip(after, before, strict=True)):
        hint = T(" gradient_norms changed the model: measure gradients without taking a step.")
        expect.same(expect.array(found, wanted.shape, f"weights[{index}]"), wanted, f"weights[{index}]", hint=hint)
