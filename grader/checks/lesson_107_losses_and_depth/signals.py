"""How the scale of a signal changes through ReLU layers without biases, forwards and backwards, before training.

References: He et al. (2015), section 2.2; Saxe et al. (2014) for orthogonal kernels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.mathematics.initializers import draw
from grader.randomness import Generator

ROWS = 512


@dataclass(frozen=True)
class Profile:
    """Standard deviations, layer by layer, of the outputs after ReLU and of the gradient for these outputs."""

    activation_std: list[float]
    gradient_std: list[float]


def kernel(name: str, fan_in: int, fan_out: int, rng: Generator) -> Array:
    """A kernel by a Keras initializer of ``initializers.NAMES``, or ``orthogonal`` with gain √2."""
    if name != "orthogonal":
        return draw(name, fan_in, fan_out, rng)
    normal = rng.standard_normal((max(fan_in, fan_out), min(fan_in, fan_out)))
    q, r = np.linalg.qr(normal)
    q *= np.sign(np.diag(r))  # without this the distribution is not uniform (Mezzadri, 2007)
    return (math.sqrt(2) * (q if fan_in >= fan_out else q.T)).astype(np.float32)


def profile(kernels: list[Array], x: Array, upstream: Array) -> Profile:
    """The signal that ``x`` ``(n, inputs)`` sends forwards and ``upstream`` ``(n, width)`` sends back."""
    outputs = [x]
    for w in kernels:
        outputs.append(np.maximum(outputs[-1] @ w, 0))
    gradient, gradients = upstream, [upstream]
    for w, h in zip(kernels[:0:-1], outputs[:1:-1], strict=True):
        gradient = (gradient * (h > 0)) @ w.T
        gradients.append(gradient)
    return Profile([float(h.std()) for h in outputs[1:]], [float(g.std()) for g in reversed(gradients)])


def probe(name: str, depth: int, width: int, inputs: int, rng: Generator) -> Profile:
    """The profile of one network drawn by ``name``, for normal inputs and normal gradients."""
    sizes = [inputs, *[width] * (depth - 1)]
    kernels = [kernel(name, size, width, rng) for size in sizes]
    x, upstream = (rng.standard_normal((ROWS, size), np.float32) for size in (inputs, width))
    return profile(kernels, x, upstream)
