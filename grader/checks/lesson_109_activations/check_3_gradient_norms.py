"""Exercise 3: loss and gradient norms of one batch, by the judge's own backpropagation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.check_2_dead_neurons import exact_inputs, exact_network
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.activations import softmax
from grader.randomness import Generator

FUNCTION = "gradient_norms_one_batch"
WHAT = f"{FUNCTION}(model, x, y)"


@dataclass(frozen=True)
class Answer:
    """What the student's function returned for a model, and what the judge knows of that model."""

    received: Any
    layers: network.Layers
    x: Array
    y: Array
    activation: str
    paths: list[str]
    weights_after: Any

    @property
    def loss(self) -> Any:
        """The first element of what was returned."""
        return expect.sequence(self.received, 2, WHAT)[0]

    @property
    def norms(self) -> dict[str, Any]:
        """The second element, once it is a dict."""
        return expect.mapping(expect.sequence(self.received, 2, WHAT)[1], (), f"{WHAT}[1]")


def _answers(student: Student) -> list[Answer]:
    """Answers for a ReLU network and for a smooth one; quarters keep ReLU's kink out of reach of rounding."""

    def compute(rng: Generator) -> list[Answer]:
        return [_answer(student, rng, activation) for activation in ("relu", str(rng.choice(["tanh", "sigmoid"])))]

    student.require(FUNCTION)
    return student.once(FUNCTION, compute)


def _answer(student: Student, rng: Generator, activation: str) -> Answer:
    sizes = [int(rng.integers(4, 8)), *rng.choice(np.arange(6, 20), 3, replace=False).tolist(), int(rng.integers(3, 6))]
    layers = [(kernel / 2, bias / 2) for kernel, bias in exact_network(rng, sizes)]
    x, y = exact_inputs(rng, int(rng.integers(12, 30)), sizes[0]), None
    y = rng.integers(0, sizes[-1], len(x)).astype(np.int32)
    model = student.tool("build_network", layers, activation)
    paths = [str(path) for path in expect.sequence(student.tool("paths_of", model), 2 * len(layers), "paths_of")]
    received = student.call(FUNCTION, model, x, y)
    return Answer(received, layers, x, y, activation, paths, student.tool("weights_of", model))


@check(exercise="3", points=3)
def check_loss(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """gradient_norms_one_batch returns the batch's mean cross-entropy."""
    for answer in _answers(student):
        probabilities = network.predict(_double(answer.layers), answer.x.astype(np.float64), answer.activation)
        right, n = probabilities[np.arange(len(answer.y)), answer.y], len(answer.y)
        loss = float(-np.log(right).mean())
        hints = [
            (loss * n, T(" Your value is the sum over the batch; the loss is the mean.")),
            (loss / np.log(2), T(" Your value is in bits: use the natural logarithm.")),
            (-loss, T(" The sign is wrong.")),
            (loss / n, T(" Your value was divided by the batch size twice.")),
            (
                _loss_of_probabilities(probabilities, answer.y),
                T(" A softmax was applied twice: the model's output already is one, so from_logits must be False."),
            ),
        ]
        expect.close(answer.loss, loss, f"{WHAT}[0]", rtol=1e-3, hints=hints)


def _loss_of_probabilities(probabilities: Array, y: Array) -> float:
    """The cross-entropy when probabilities are taken for logits."""
    return float(-np.log(softmax(probabilities)[np.arange(len(y)), y]).mean())


def _double(layers: network.Layers) -> network.Layers:
    return [(kernel.astype(np.float64), bias.astype(np.float64)) for kernel, bias in layers]


@check(exercise="3", points=2)
def check_norm_keys(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """gradient_norms_one_batch names every trainable variable by its path."""
    for answer in _answers(student):
        found = answer.norms
        if set(found) == set(answer.paths):
            continue
        short = {path.rpartition("/")[2] for path in answer.paths}
        hint = Text("")
        if set(found) <= short:
            hint = T(" `variable.name` is only kernel or bias in Keras 3, so that layers overwrite each other.")
        elif len(found) * 2 == len(answer.paths):
            hint = T(" Biases are trainable variables too.")
        raise Mismatch(
            T(
                "`{what}`: expected a norm for each of the {count} paths, such as {path}; received {received}.{hint}",
                what=f"{WHAT}[1]",
                count=len(answer.paths),
                path=expect.show(answer.paths[0]),
                received=expect.show(found),
                hint=hint,
            )
        )


@check(exercise="3", points=6)
def check_norms(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """gradient_norms_one_batch gives the Euclidean norm of the loss's gradient for each variable, layer by layer."""
    for answer in _answers(student):
        x = answer.x.astype(np.float64)
        gradients = [
            g for layer in network.gradients(_double(answer.layers), x, answer.y, answer.activation) for g in layer
        ]
        weights = [array for layer in answer.layers for array in layer]
        found = answer.norms
        if len(found) != len(gradients):
            raise Mismatch(
                T(
                    "`{what}`: expected {expected} norms, one for each trainable variable; received {received}.",
                    what=f"{WHAT}[1]",
                    expected=len(gradients),
                    received=len(found),
                )
            )
        by_path = set(found) == set(answer.paths)
        norms = [found[path] for path in answer.paths] if by_path else list(found.values())
        for path, norm, gradient, weight in zip(answer.paths, norms, gradients, weights, strict=True):
            hints = _norm_hints(gradient, weight, gradients, len(answer.y))
            expect.close(norm, _norm(gradient), f'{WHAT}[1]["{path}"]', rtol=1e-3, hints=hints)


def _norm(array: Array) -> float:
    return float(np.sqrt(np.square(array, dtype=np.float64).sum()))


def _norm_hints(gradient: Array, weight: Array, every: list[Array], rows: int) -> list[tuple[float, Text]]:
    norm = _norm(gradient)
    return [
        (norm**2, T(" The square root is missing.")),
        (norm * rows, T(" Your value is that of the summed loss; take the mean.")),
        (float(np.abs(gradient).max()), T(" Your value is the largest component.")),
        (float(np.abs(gradient).sum()), T(" Your value is the sum of absolute values.")),
        (float(np.abs(gradient).mean()), T(" Your value is the mean of absolute values.")),
        (norm / float(np.sqrt(gradient.size)), T(" Your value is the root mean square: the sum is not divided.")),
        (_spectral(gradient), T(" Your value is the largest singular value.")),
        (_norm(weight), T(" Your value is the norm of the weights and not of their gradient.")),
        *[(_norm(other), T(" Your value belongs to another variable.")) for other in every],
    ]


def _spectral(gradient: Array) -> float:
    return float(np.linalg.norm(gradient, 2))


@check(exercise="3", points=1)
def check_nothing_is_trained(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """gradient_norms_one_batch leaves the weights as they are."""
    for answer in _answers(student):
        expected = [array for layer in answer.layers for array in layer]
        expect.number(answer.loss, f"{WHAT}[0]")
        for found, wanted in zip(
            expect.sequence(answer.weights_after, len(expected), "weights"), expected, strict=True
        ):
            if not np.array_equal(expect.array(found, wanted.shape, "weights"), wanted):
                raise Mismatch(T("`{what}` changed the model's weights. It should only measure.", what=WHAT))
