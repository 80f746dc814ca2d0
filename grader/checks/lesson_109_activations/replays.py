"""A student's histories held to the trainings of pairs that they tell of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.recipes import layers_of, near
from grader.judge import curves, expect, replays
from grader.judge.check import Student
from grader.judge.replays import Replay
from grader.language.messages import T, Text
from grader.mathematics.activations import ACTIVATIONS
from grader.mathematics.training import Data, Descent, Recipe
from grader.wire.values import FunctionName

SIZES = [2, 64, 64, 2]
BATCH_SIZE = 32
RATES = (0.1, 0.01, 0.001, 1.0)
SEEDS = (0, 1, 42, 109)


@dataclass(frozen=True)
class Training:
    """A training that a student's function was asked for."""

    data: list[Array]
    activation: str
    scheme: str
    seed: int
    learning_rate: float

    @property
    def pair(self) -> str:
        """The key of this pair in the student's results."""
        return f"{self.activation}+{self.scheme}"


def _replay(student: Student, training: Training) -> Replay:
    """The training, from the weights that the student's build_pair draws right after its seed."""
    name = FunctionName("build_pair")
    weights = student.tool("seeded_weights", name, training.seed, training.activation, training.scheme)
    layers = layers_of(weights, SIZES, f'build_pair("{training.activation}", "{training.scheme}")')
    recipe = Recipe(Descent(training.learning_rate), activation=training.activation, batch_size=BATCH_SIZE)
    return Replay(layers, Data(*training.data), recipe, training.seed)


def expect_replay(student: Student, received: Any, training: Training, epochs: int, what: str, replayed: int) -> None:
    """A history of ``epochs`` epochs whose first ``replayed`` ones are those of the training."""
    history = curves.expect_history(received, epochs, what)
    replay = _replay(student, training)
    replays.expect_replay(history, replay, what, replayed, partial(_hint, student, replay))


def _hint(student: Student, replay: Replay, losses: list[float]) -> Text:
    """What explains the first val_loss, if one of the usual mistakes does."""
    activation = replay.recipe.activation
    z = np.linspace(-3, 3, 25, dtype=np.float32)
    values = student.tool("activation_values", FunctionName("get_activation"), activation, z)
    if not near(expect.array(values, z.shape, "get_activation"), ACTIVATIONS[activation].function(z)):
        return T(" `get_activation` does not give {name} as asked: correct that first.", name=activation)
    otherwise = T(
        " Call keras.utils.set_random_seed(seed) right before build_pair, use SGD(learning_rate) without momentum, "
        "and train with kit.train: batches of {batch_size}, the same seed.",
        batch_size=BATCH_SIZE,
    )
    return replays.explained(losses[0], replays.usual_mistakes(replay, RATES, SEEDS), otherwise)
