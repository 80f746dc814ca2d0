"""Whose homework it is: the seed follows from the student, and the initial weights from the seed."""

from __future__ import annotations

import numpy as np

from data.homework import homework_seed
from grader.checks.lesson_108_initialization.artifact import SIGNATURE, Meta
from grader.checks.lesson_108_initialization.homework_file.claimed import evidence, expect_initial
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.judge import expect
from grader.judge.check import Mismatch, Student
from grader.language.messages import T

TOOL = "homework_weights"
TOLERANCE = 1e-6  # of a kernel's largest weight: another processor may round a draw from a normal elsewhere


def own_seed(student: Student) -> None:
    """The file's seed is that of the student whom it names; of the code, where the grader had it trained."""
    meta = evidence(student).homework.meta
    if meta.seed != (expected := _seed_of(meta)):
        raise Mismatch(
            T(
                "The homework of {student} was trained with seed {found}; the seed of that identifier is {expected}. "
                "Train with seed=kit.homework_seed(student_id), and save with the same student_id.",
                student=expect.show(meta.student_id),
                found=meta.seed,
                expected=expected,
            )
        )


def _seed_of(meta: Meta) -> int:
    try:
        return homework_seed(meta.code if meta.student_id == SIGNATURE else meta.student_id)
    except ValueError as error:
        raise Mismatch(
            T(
                "The homework's file names no student: its student_id is {found}. Write yours where the notebook asks "
                "for it, train with the seed that goes with it, and save again.",
                found=expect.show(meta.student_id),
            )
        ) from error


def initial_weights(student: Student) -> None:
    """Every network starts from what Keras draws with the file's seed."""
    return student.once("homework initial weights", lambda _: _initial_weights(student))


def _initial_weights(student: Student) -> None:
    found = evidence(student)
    for name in PROTOCOL.initializers:
        layers = found.initial[name]
        expect_initial(layers, name, comparisons=len(PROTOCOL.initializers) * len(layers))
        drawn = student.own_tool(TOOL, name, found.homework.meta.seed)
        arrays = [array for layer in layers for array in layer]
        for index, (array, expected) in enumerate(zip(arrays, expect.arrays(drawn, TOOL), strict=True)):
            if np.abs(array - expected).max() > TOLERANCE * np.abs(expected).max():
                raise Mismatch(
                    T(
                        "{name}: kernel {index} is not what Keras draws with seed {seed}. In train_homework call "
                        "seed_everything(seed) right before building the network, draw nothing in between, and train "
                        "with seed=kit.homework_seed(student_id).",
                        name=name,
                        index=index // 2 + 1,
                        seed=found.homework.meta.seed,
                    )
                )
