"""What the homework's artifact holds, once it has the protocol's form, and what its last weights are worth."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from data.checkpoints import Changes
from grader.arrays import Array
from grader.checks.lesson_108_initialization import artifact
from grader.checks.lesson_108_initialization.artifact import CODES, SCHEMA, STAGES, STEPS, Homework
from grader.checks.lesson_108_initialization.homework_file.images import validation_images
from grader.checks.lesson_108_initialization.homework_file.protocol import INPUTS, LESSON, PROTOCOL
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student
from grader.judge.kernels import expect_kernel
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.training import Data, Epoch, train


@dataclass(frozen=True)
class Evidence:
    """An artifact whose form is right: weights of the protocol's shapes, histories and changes of all its epochs.

    A file of schema 1 has no ``changes``.
    """

    homework: Homework
    histories: dict[str, dict[str, list[float]]]
    initial: dict[str, network.Layers]
    final: dict[str, network.Layers]
    changes: dict[str, Changes]

    def checkpoints(self, name: str) -> Iterator[network.Layers]:
        """The weights of a network before its first epoch and after each one, up to the rounding of their codes."""
        return map(network.pairs, self.changes[name].checkpoints([a for layer in self.initial[name] for a in layer]))


def evidence(student: Student) -> Evidence:
    """The student's artifact, read and held to the protocol's form. Raises Mismatch or Unanswered."""
    return student.once(
        "homework evidence", lambda _: _evidence(artifact.read(student.artifact()), student.audit.schema)
    )


def _evidence(homework: Homework, asked: int) -> Evidence:
    meta, names = homework.meta, PROTOCOL.initializers
    if meta.lesson != LESSON:
        raise Mismatch(
            T(
                "The homework's file belongs to lesson {found}, not to {expected}.",
                found=expect.show(meta.lesson),
                expected=LESSON,
            )
        )
    if meta.schema != (schema := asked or SCHEMA):
        raise Mismatch(
            T(
                "The homework's file is of form {found}, and {expected} is asked: it lacks what proves a training. Get "
                "the course's present notebook and kit, train with kit.Checkpoints and save again.",
                found=meta.schema,
                expected=schema,
            )
        )
    histories = expect.mapping(meta.histories, names, "histories")
    stages = {
        stage: {name: layers_of(homework.arrays.get((name, stage)), f"{name}: {stage}_weights") for name in names}
        for stage in STAGES
    }
    return Evidence(
        homework,
        {name: curves.expect_history(histories[name], PROTOCOL.epochs, f'histories["{name}"]') for name in names},
        stages["initial"],
        stages["final"],
        {name: _changes(homework, name) for name in names} if schema == SCHEMA else {},
    )


def _changes(homework: Homework, name: str) -> Changes:
    """The changes of a network's weights in each epoch of the protocol."""
    shapes, what = _shapes(), f"{name}: checkpoints"
    found = expect.sequence(homework.arrays.get((name, CODES)), len(shapes), what)
    for index, (codes, shape) in enumerate(zip(found, shapes, strict=True)):
        if codes.shape != (PROTOCOL.epochs, *shape):
            raise Mismatch(
                T(
                    "`{what}` should have shape {expected}; it has {received}.",
                    what=f"{what}[{index}]",
                    expected=(PROTOCOL.epochs, *shape),
                    received=tuple(codes.shape),
                )
            )
    steps = expect.array(homework.steps.get(name), (PROTOCOL.epochs, len(shapes)), f"{what}: {STEPS}")
    changes = Changes(found, steps.astype(np.float32))
    if not changes.is_fine:
        raise Mismatch(T("{name}: its changes are told too coarsely. Take them from kit.Checkpoints.", name=name))
    return changes


def _shapes() -> list[tuple[int, ...]]:
    """The shapes of the network's arrays, in ``get_weights()`` order."""
    return [shape for pair in pairwise((INPUTS, *PROTOCOL.units)) for shape in (pair, pair[1:])]


def layers_of(weights: Any, what: str) -> network.Layers:
    """Weights in ``get_weights()`` order as layers, once they have the protocol's shapes and are finite."""
    shapes = _shapes()
    found = expect.sequence(weights, len(shapes), what)
    arrays = [
        expect.array(value, shape, f"{what}[{i}]") for i, (value, shape) in enumerate(zip(found, shapes, strict=True))
    ]
    return network.pairs([array.astype("float32") for array in arrays])


def expect_initial(layers: network.Layers, name: str, comparisons: int) -> None:
    """Hidden kernels drawn by ``name``, the last one by Keras' default, biases zero."""
    names = [name] * (len(layers) - 1) + ["glorot_uniform"]
    for index, ((kernel, bias), initializer) in enumerate(zip(layers, names, strict=True), start=1):
        expect_kernel(kernel, initializer, T("{name}, kernel {index}", name=name, index=index), comparisons)
        if bias.any():
            raise Mismatch(T("{name}: the biases of layer {index} do not start at zero.", name=name, index=index))


def accuracies(student: Student) -> dict[str, float]:
    """The validation accuracy of each network, computed by the judge from its final weights."""
    return student.once("homework accuracies", lambda _: _accuracies(evidence(student)))


def _accuracies(found: Evidence) -> dict[str, float]:
    return {
        name: network.evaluate(found.final[name], *validation_images(), PROTOCOL.activation)[1] for name in found.final
    }


def first_epoch(initial: network.Layers, data: Data, seed: int) -> Epoch:
    """What one epoch of the protocol makes of a network."""
    return next(train(initial, data, PROTOCOL.recipe, 1, np.random.default_rng(seed)))


def norms(layers: network.Layers) -> list[Array]:
    """Frobenius norms of the kernels."""
    return [(kernel.astype("float64") ** 2).sum() ** 0.5 for kernel, _ in layers]
