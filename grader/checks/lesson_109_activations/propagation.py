"""How gradients change their size on the way back through untrained layers, as the judge measures it.

A stack of ``depth`` equal layers h = f(h W) without biases, kernels ``(width, width)``: with N(0, 1) rows in and an
N(0, 1) gradient at its output, the backward factor is rms(gradient at its input) / rms(gradient at its output).
"""

from __future__ import annotations

import math
from functools import reduce
from itertools import accumulate

import numpy as np

from grader.arrays import Array
from grader.mathematics.activations import ACTIVATIONS
from grader.mathematics.initializers import draw
from grader.randomness import Generator

ROWS = 256


def rms(values: Array) -> float:
    """The root of the mean square."""
    return math.sqrt(float(np.mean(np.square(values, dtype=np.float64))))


def backward_factor(activation: str, initializer: str, depth: int, width: int, rng: Generator) -> float:
    """The factor for one draw of kernels, inputs and upstream gradient.

    Args:
        activation: a key of ``ACTIVATIONS``.
        initializer: a name that ``initializers.law`` knows.
        depth: how many layers.
        width: units of each layer.
        rng: draws everything.

    """
    kernels = [draw(initializer, width, width, rng).astype(np.float64) for _ in range(depth)]
    f = ACTIVATIONS[activation]
    h, upstream = rng.standard_normal((ROWS, width)), rng.standard_normal((ROWS, width))
    outputs = accumulate(kernels, lambda h, kernel: f.function(h @ kernel), initial=h)
    slopes = [f.derivative(h @ kernel) for h, kernel in zip(outputs, kernels, strict=False)]
    returned = reduce(_back, zip(kernels[::-1], slopes[::-1], strict=True), upstream)
    return rms(returned) / rms(upstream)


def _back(gradient: Array, layer: tuple[Array, Array]) -> Array:
    kernel, slope = layer
    return np.asarray((gradient * slope) @ kernel.T)


def forward_factor(activation: str, initializer: str, depth: int, width: int, rng: Generator) -> float:
    """rms(output of the stack) / rms(its input), with the same arguments."""
    x = rng.standard_normal((ROWS, width))
    kernels = [draw(initializer, width, width, rng).astype(np.float64) for _ in range(depth)]
    h = reduce(lambda h, kernel: ACTIVATIONS[activation].function(h @ kernel), kernels, x)
    return rms(h) / rms(x)
