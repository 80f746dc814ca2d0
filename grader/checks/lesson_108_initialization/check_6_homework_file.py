"""Homework: Glorot against He on all of Fashion-MNIST, judged from the weights that were handed in."""

from __future__ import annotations

from grader.checks.lesson_108_initialization.homework_file import claimed, origin, proof, schema_1
from grader.checks.lesson_108_initialization.homework_file.protocol import GLOROT, HE, PROTOCOL
from grader.exercises import HOMEWORK
from grader.judge.check import Mismatch, Student, check, resting_on
from grader.language.messages import T
from grader.randomness import Generator


def _own_seed(student: Student) -> None:
    if student.audit.schema != 1:
        origin.own_seed(student)


def _initial_weights(student: Student) -> None:
    (schema_1.initial_distributions if student.audit.schema == 1 else origin.initial_weights)(student)


def _claims(student: Student) -> None:
    (schema_1.claims if student.audit.schema == 1 else proof.claims)(student)


def _training(student: Student) -> None:
    (schema_1.replay if student.audit.schema == 1 else proof.replay)(student)


@check(exercise=HOMEWORK, points=3)
def check_homework_is_complete(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """The homework holds three networks with their 20 epochs, trained with the student's own seed."""
    claimed.evidence(student)
    _own_seed(student)


@check(exercise=HOMEWORK, points=5)
def check_initial_weights(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """The initial weights of the homework are those that Keras draws with its seed and its initializers."""
    _initial_weights(student)


@check(exercise=HOMEWORK, points=5)
def check_claimed_accuracies(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """The losses and accuracies that the homework claims after each epoch are those of its weights."""
    _claims(student)


@check(exercise=HOMEWORK, points=4)
def check_drawn_epochs(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """An epoch of each network, trained again with SGD(0.001) and batches of 256, leads where the file says."""
    _training(student)


@check(exercise=HOMEWORK, points=3)
def check_norms_after_training(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """After training, the kernel norms of each network differ by a factor of 10 at most."""
    resting_on(student, _own_seed, _initial_weights, _claims, _training)
    for name, layers in claimed.evidence(student).final.items():
        norms = claimed.norms(layers)
        if not max(norms) <= PROTOCOL.max_norm_ratio * min(norms):
            raise Mismatch(
                T(
                    "{name}: the kernel norms go from {low} to {high}, more than a factor of {limit}. "
                    "Check the initializer, and that the training followed the protocol.",
                    name=name,
                    low=f"{min(norms):.3g}",
                    high=f"{max(norms):.3g}",
                    limit=f"{PROTOCOL.max_norm_ratio:g}",
                )
            )


@check(exercise=HOMEWORK, points=6)
def check_he_beats_glorot(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """After 20 epochs the best He is at least 0.5 percentage points above Glorot, computed from the weights."""
    resting_on(student, _own_seed, _initial_weights, _claims, _training)
    if student.audit.schema == 1:
        schema_1.trained_fully(student)
    found = claimed.accuracies(student)
    best = max(HE, key=lambda name: found[name])
    gap = found[best] - found[GLOROT]
    if not gap >= PROTOCOL.min_gap / 100:
        raise Mismatch(
            T(
                "{best} reaches {he} and Glorot {glorot}: a gap of {gap} percentage points, and {asked} are asked. Do "
                "the three trainings follow the protocol, with the same seed?",
                best=best,
                he=f"{found[best]:.2%}",
                glorot=f"{found[GLOROT]:.2%}",
                gap=f"{100 * gap:.2f}",
                asked=f"{PROTOCOL.min_gap:g}",
            )
        )
