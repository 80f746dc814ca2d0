"""Exercise 2: zeros are not dead units.

Weights, biases and inputs are small multiples of 1/4, so that every pre-activation is exact in float32: whether an
output is zero does not depend on rounding.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from grader.arrays import Array
from grader.judge import expect
from grader.judge.check import Student, check
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.randomness import Generator
from grader.wire.values import ModelFacts

FAR_BELOW = -2000.0


def exact_network(rng: Generator, sizes: list[int], dead: int = 0) -> network.Layers:
    """Layers of weights in quarters, biases too; in each hidden layer ``dead`` units have a bias far below zero."""
    layers: network.Layers = []
    for inputs, units in pairwise(sizes):
        kernel, bias = rng.integers(-3, 4, (inputs, units)) / 4, rng.integers(-4, 5, units) / 4
        layers.append((kernel.astype(np.float32), bias.astype(np.float32)))
    for _, bias in layers[:-1]:
        bias[rng.choice(len(bias), dead, replace=False)] = FAR_BELOW
    return layers


def exact_inputs(rng: Generator, rows: int, inputs: int) -> Array:
    """Inputs in quarters, ``(rows, inputs)``, float32."""
    return (rng.integers(-8, 9, (rows, inputs)) / 4).astype(np.float32)


def _asked(student: Student, rng: Generator, function: str, dead: int) -> tuple[object, list[Array], Array]:
    """What the student's function says of a model, with the model's hidden outputs and its probabilities."""
    student.require(function)
    # Layers of different widths, so that a mean of the layers' means is another number.
    sizes = [int(rng.integers(4, 8)), *rng.choice(np.arange(9, 25), 2, replace=False).tolist(), int(rng.integers(2, 5))]
    # ReLU commutes with a power of two: the outputs are small, so that a small one is not taken for a zero.
    scale = np.float32(2.0 ** -int(rng.integers(9, 13)))
    layers = [(kernel, scale * bias) for kernel, bias in exact_network(rng, sizes, dead)]
    x = scale * exact_inputs(rng, int(rng.integers(20, 40)), sizes[0])
    model: ModelFacts = student.tool("build_network", layers, "relu")
    return student.call(function, model, x), network.hidden(layers, x, "relu"), network.predict(layers, x)


@check(exercise="2", points=6)
def check_zero_fraction(student: Student, rng: Generator) -> None:
    """relu_zero_fraction gives the share of zeros among all outputs of the hidden layers."""
    for dead in rng.permutation([0, 3]).tolist():
        received, hidden, probabilities = _asked(student, rng, "relu_zero_fraction", dead)
        zeros = [h == 0 for h in hidden]
        share = float(np.concatenate([each.ravel() for each in zeros]).mean())
        total = sum(each.size for each in zeros)
        hints = [
            (_dead_share(zeros), T(" Your value is the share of dead units: count every zero, sample by sample.")),
            (1 - share, T(" Your value is the share that is not zero.")),
            (float(np.mean([each.mean() for each in zeros])), _mean_of_means()),
            (share * total / (total + probabilities.size), T(" The softmax does not count.")),
            (share * total, T(" Your value is a count; divide by the number of outputs.")),
            (100 * share, T(" Return a fraction, not a percentage.")),
            (float(zeros[0].mean()), T(" Your value is that of the first hidden layer alone.")),
            (float(zeros[-1].mean()), T(" Your value is that of the last hidden layer alone.")),
        ]
        expect.close(received, share, "relu_zero_fraction(model, x)", hints=hints)


@check(exercise="2", points=6)
def check_dead_fraction(student: Student, rng: Generator) -> None:
    """dead_unit_fraction gives the share of hidden units that are zero for every sample."""
    for dead in rng.permutation([0, int(rng.integers(2, 5))]).tolist():
        received, hidden, probabilities = _asked(student, rng, "dead_unit_fraction", dead)
        zeros = [h == 0 for h in hidden]
        share, units = _dead_share(zeros), sum(each.shape[1] for each in zeros)
        rows = float(np.mean([each.all(axis=1).mean() for each in zeros]))
        hints = [
            (
                float(np.concatenate([each.ravel() for each in zeros]).mean()),
                T(" Your value is the share of zeros. A unit is dead if it is zero for every sample."),
            ),
            (
                float(np.concatenate([each.any(axis=0) for each in zeros]).mean()),
                T(" Your value counts units that are zero for some sample; a dead one is zero for every sample."),
            ),
            (rows, T(" You looked along the rows: samples are axis 0, units are axis 1.")),
            (1 - share, T(" Your value is the share of units that live.")),
            (float(np.mean([each.all(axis=0).mean() for each in zeros])), _mean_of_means()),
            (share * units / (units + probabilities.shape[1]), T(" The softmax does not count.")),
            (share * units, T(" Your value is a count; divide by the number of units.")),
            (100 * share, T(" Return a fraction, not a percentage.")),
            (float(zeros[0].all(axis=0).mean()), T(" Your value is that of the first hidden layer alone.")),
            (float(zeros[-1].all(axis=0).mean()), T(" Your value is that of the last hidden layer alone.")),
        ]
        expect.close(received, share, "dead_unit_fraction(model, x)", hints=hints)


def _dead_share(zeros: list[Array]) -> float:
    return float(np.concatenate([each.all(axis=0) for each in zeros]).mean())


def _mean_of_means() -> Text:
    return T(" Your value is the mean of the layers' shares; put all hidden layers together.")
