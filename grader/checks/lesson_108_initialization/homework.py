"""What the judge finds out about the homework's artifact before it gives points.

Nothing that the artifact claims is believed: accuracies are computed again from the weights on the judge's own images,
and one epoch is trained again, in NumPy, from the initial weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization import artifact
from grader.checks.lesson_108_initialization.artifact import Homework
from grader.checks.lesson_108_initialization.images import training_images, validation_images
from grader.checks.lesson_108_initialization.protocol import INPUTS, LARGEST_FINAL_LOSS, LESSON, PROTOCOL
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student
from grader.judge.kernels import expect_kernel
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.training import Data, Epoch, train
from grader.randomness import Generator

ACCURACY_TOLERANCE = 2.5 / PROTOCOL.validation_size  # float32 rounding may move two images across a decision boundary
LOSS_TOLERANCE = 1e-3
# An epoch in another order of batches moves val_loss by about 0.002; ten times the learning rate moves it by 1.
REPLAY_TOLERANCE = 0.03


@dataclass(frozen=True)
class Evidence:
    """An artifact whose form is right: weights of the protocol's shapes, histories of the protocol's length."""

    histories: dict[str, dict[str, list[float]]]
    initial: dict[str, network.Layers]
    final: dict[str, network.Layers]
    seed: int


def evidence(student: Student) -> Evidence:
    """The student's artifact, read and held to the protocol's form. Raises Mismatch or Unanswered."""
    return student.once("homework evidence", lambda _: _evidence(artifact.read(student.artifact())))


def _evidence(homework: Homework) -> Evidence:
    if homework.meta.lesson != LESSON:
        raise Mismatch(
            T(
                "The homework's file belongs to lesson {found}, not to {expected}.",
                found=expect.show(homework.meta.lesson),
                expected=LESSON,
            )
        )
    histories = expect.mapping(homework.meta.histories, PROTOCOL.initializers, "histories")
    names, weights = PROTOCOL.initializers, homework.weights
    return Evidence(
        {name: curves.expect_history(histories[name], PROTOCOL.epochs, f'histories["{name}"]') for name in names},
        {name: layers_of(weights.get((name, "initial")), f"{name}: initial_weights") for name in names},
        {name: layers_of(weights.get((name, "final")), f"{name}: final_weights") for name in names},
        homework.meta.seed,
    )


def layers_of(weights: Any, what: str) -> network.Layers:
    """Weights in ``get_weights()`` order as layers, once they have the protocol's shapes and are finite."""
    shapes = [shape for pair in pairwise((INPUTS, *PROTOCOL.units)) for shape in (pair, pair[1:])]
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
    """The validation accuracy of each network, computed by the judge, once the claimed one agrees with it."""
    return student.once("homework accuracies", lambda _: _accuracies(evidence(student)))


def _accuracies(found: Evidence) -> dict[str, float]:
    x, y = validation_images()
    computed = {}
    for name in PROTOCOL.initializers:
        loss, accuracy = network.evaluate(found.final[name], x, y, PROTOCOL.activation)
        claimed = found.histories[name]
        for key, claim, value, tolerance in (
            ("val_accuracy", claimed["val_accuracy"][-1], accuracy, ACCURACY_TOLERANCE),
            ("val_loss", claimed["val_loss"][-1], loss, LOSS_TOLERANCE * max(loss, 1)),
        ):
            if not abs(claim - value) <= tolerance:  # also where the weights give no number
                raise Mismatch(
                    T(
                        "{name}: the file claims a last {key} of {claim}, and its final weights give {value}. Save "
                        "the weights and the history of the same training.",
                        name=name,
                        key=key,
                        claim=f"{claim:.4f}",
                        value=f"{value:.4f}",
                    )
                )
        computed[name] = accuracy
    return computed


def replay(student: Student) -> None:
    """Train the first epoch of one network again, drawn by the run's seed, and hold its ``val_loss`` to the history."""
    return student.once("homework replay", lambda rng: _replay(evidence(student), rng))


def first_epoch(initial: network.Layers, data: Data, seed: int) -> Epoch:
    """What one epoch of the protocol makes of a network."""
    return next(train(initial, data, PROTOCOL.recipe, 1, np.random.default_rng(seed)))


def _replay(found: Evidence, rng: Generator) -> None:
    name = str(rng.choice(PROTOCOL.initializers))
    data = Data(*training_images(), *validation_images())
    loss = first_epoch(found.initial[name], data, abs(found.seed)).val_loss
    claim = found.histories[name]["val_loss"][0]
    if not abs(claim - loss) <= REPLAY_TOLERANCE:
        raise Mismatch(
            T(
                "{name}: after the first epoch the history says val_loss {claim}; training that epoch from the "
                "initial weights with SGD({rate}) and batches of {batch_size} gives {loss}. Check optimizer, "
                "learning rate and batch size.",
                name=name,
                rate=PROTOCOL.learning_rate,
                batch_size=PROTOCOL.batch_size,
                claim=f"{claim:.3f}",
                loss=f"{loss:.3f}",
            )
        )


def trained_fully(student: Student) -> None:
    """The final weights are as good as all of the protocol's epochs make them: few epochs are no comparison."""
    x, y = validation_images()
    for name, layers in evidence(student).final.items():
        loss, _ = network.evaluate(layers, x, y, PROTOCOL.activation)
        if not loss <= LARGEST_FINAL_LOSS.of(name):
            raise Mismatch(
                T(
                    "{name}: its final weights give a val_loss of {loss}; {epochs} epochs of the protocol reach "
                    "{limit} or less. Was it trained for all of them?",
                    name=name,
                    epochs=PROTOCOL.epochs,
                    loss=f"{loss:.3f}",
                    limit=f"{LARGEST_FINAL_LOSS.of(name):.2f}",
                )
            )


def initial_distributions(student: Student) -> None:
    """Every network's initial weights follow the initializer they are named after."""
    initial = evidence(student).initial
    for name, layers in initial.items():
        expect_initial(layers, name, comparisons=len(initial) * len(layers))


def norms(layers: network.Layers) -> list[Array]:
    """Frobenius norms of the kernels."""
    return [(kernel.astype("float64") ** 2).sum() ** 0.5 for kernel, _ in layers]
