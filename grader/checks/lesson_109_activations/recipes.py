"""The lesson's initialization schemes as laws, and what is known of those who take one for another."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge import expect
from grader.judge.kernels import expect_law
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.initializers import Law, law
from grader.mathematics.sampling import UNIFORM

ACTIVATIONS = ("relu", "tanh", "sigmoid", "leaky_relu", "elu", "selu", "gelu", "swish", "mish")
# Float32 rounding, also where a formula subtracts nearly equal numbers; GELU's approximation by tanh is 50 times off.
RTOL, ATOL = 1e-4, 3e-6
SCHEMES = {
    "xavier": "glorot_uniform",
    "he": "he_uniform",
    "lecun": "lecun_normal",
    "torch_default": "torch_uniform",
}
SHOWN = {
    "xavier": "xavier (Glorot uniform)",
    "he": "he (He uniform)",
    "lecun": "lecun (LeCun normal)",
    "torch_default": "torch_default (uniform, 1/(3·fan_in))",
}


def near(received: Array, expected: Array) -> bool:
    """Whether an activation's values are the expected ones, each up to rounding."""
    return bool((np.abs(received - expected) <= ATOL + RTOL * np.abs(expected)).all())


def expect_scheme(kernel: Array, scheme: str, what: Text, comparisons: int = 1) -> None:
    """The kernel ``(fan_in, fan_out)`` was drawn by a scheme: variance, range and shape."""
    wanted = replace(law(SCHEMES[scheme], *kernel.shape), name=SHOWN[scheme])
    expect_law(kernel, wanted, what, comparisons, _mistakes(scheme, *kernel.shape))


def _mistakes(scheme: str, fan_in: int, fan_out: int) -> list[tuple[Law, Text]]:
    """Laws that a kernel may follow by mistake; of two with one variance, only one can be named."""
    found = [
        (law(name, fan_in, fan_out), T(" Yours is the variance of {scheme}.", scheme=other))
        for other, name in SCHEMES.items()
        if other != scheme and (scheme, other) != ("torch_default", "lecun")
    ]
    if scheme == "torch_default":
        square = T(" Yours is 1/fan_in, the square of the limit; a uniform on ±a has variance a²/3.")
        found.append((Law("", 1 / fan_in, UNIFORM), square))
        found.append((Law("", 1 / (9 * fan_in), UNIFORM), T(" Yours is 1/(9·fan_in): the limit is √(3·variance).")))
    if scheme != "xavier":
        swapped = law(SCHEMES[scheme], fan_out, fan_in)
        found.append((swapped, T(" Yours has fan_out in the denominator, where fan_in belongs.")))
    return found


def layers_of(weights: Any, sizes: list[int], what: str) -> network.Layers:
    """Weights in ``get_weights()`` order as layers, once their shapes are those of an MLP with these sizes."""
    return network.pairs(expect.weights(weights, sizes, what))
