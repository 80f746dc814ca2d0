"""A student's histories held to the trainings they tell of: the same weights and batches, in NumPy."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.recipes import layers_of, near
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student
from grader.language.messages import T, Text
from grader.mathematics.activations import ACTIVATIONS
from grader.mathematics.network import Layers
from grader.mathematics.training import Data, Descent, Epoch, Recipe, train
from grader.wire.values import FunctionName

SIZES = [2, 64, 64, 2]
BATCH_SIZE = 32
# Keras and NumPy came to losses that differ by at most 4e-7 in 288 epochs of right work (24 seeds, mean 6e-8, sd 7e-8);
# without its seed, or in another order of batches, a training's val_loss moves by several percent in an epoch.
LOSS_TOLERANCE = 1e-3
HINT_TOLERANCE = 2e-5  # so many mistakes are tried that one of them would come near by chance
MOVED = 1.5  # rounding may move an example across the decision boundary; none moved in those epochs


@dataclass(frozen=True)
class Training:
    """A training that a student's function was asked for."""

    data: list[Array]
    activation: str
    scheme: str
    seed: int
    learning_rate: float

    @property
    def recipe(self) -> Recipe:
        """How the judge trains it again."""
        return Recipe(Descent(self.learning_rate), activation=self.activation, batch_size=BATCH_SIZE)

    def again(self, layers: Layers, epochs: int) -> Iterator[Epoch]:
        """The judge's training, from the student's weights."""
        return train(layers, Data(*self.data), self.recipe, epochs, np.random.default_rng(self.seed))

    @property
    def pair(self) -> str:
        """The key of this pair in the student's results."""
        return f"{self.activation}+{self.scheme}"


def start(student: Student, training: Training) -> Layers:
    """The weights that the student's build_pair draws right after the training's seed."""
    name = FunctionName("build_pair")
    weights = student.tool("seeded_weights", name, training.seed, training.activation, training.scheme)
    what = f'build_pair("{training.activation}", "{training.scheme}")'
    return layers_of(weights, SIZES, what)


def expect_replay(student: Student, received: Any, training: Training, epochs: int, what: str, replayed: int) -> None:
    """A history of ``epochs`` epochs whose first ``replayed`` ones are those of the training."""
    history = curves.expect_history(received, epochs, what)
    layers, total = start(student, training), len(training.data[3])
    for index, epoch in enumerate(training.again(layers, replayed)):
        loss, accuracy = history["val_loss"][index], history["val_accuracy"][index]
        if not abs(loss - epoch.val_loss) <= LOSS_TOLERANCE * max(epoch.val_loss, 0.1):  # also where it is no number
            raise Mismatch(
                T(
                    "`{what}`: after epoch {epoch}, val_loss should be {expected}; received {received}.{hint}",
                    what=what,
                    epoch=index + 1,
                    expected=f"{epoch.val_loss:.4f}",
                    received=f"{loss:.4f}",
                    hint=_hint(student, layers, training, history["val_loss"]),
                )
            )
        if not abs(accuracy - epoch.val_accuracy) * total <= MOVED:
            raise Mismatch(
                T(
                    "`{what}`: after epoch {epoch}, val_accuracy should be {expected}; received {received}. Measure "
                    "it on all of data.x_val.",
                    what=what,
                    epoch=index + 1,
                    expected=f"{epoch.val_accuracy:.3f}",
                    received=f"{accuracy:.3f}",
                )
            )


def _hint(student: Student, layers: Layers, training: Training, losses: list[float]) -> Text:
    """What explains the first val_loss, if one of the usual mistakes does."""
    z = np.linspace(-3, 3, 25, dtype=np.float32)
    values = student.tool("activation_values", FunctionName("get_activation"), training.activation, z)
    if not near(expect.array(values, z.shape, "get_activation"), ACTIVATIONS[training.activation].function(z)):
        return T(" `get_activation` does not give {name} as asked: correct that first.", name=training.activation)
    for data, recipe, seed, text in _mistakes(training):
        epoch = next(train(layers, data, recipe, 1, np.random.default_rng(seed)))
        if math.isclose(epoch.val_loss, losses[0], rel_tol=HINT_TOLERANCE):
            return text
    return T(
        " Call keras.utils.set_random_seed(seed) right before build_pair, use SGD(learning_rate) without momentum, "
        "and train with kit.train: batches of {batch_size}, the same seed.",
        batch_size=BATCH_SIZE,
    )


def _mistakes(training: Training) -> Iterator[tuple[Data, Recipe, int, Text]]:
    """Trainings that are taken for this one, each with its batches' seed and what to say of it."""
    data, recipe, seed = Data(*training.data), training.recipe, training.seed
    validated = replace(data, x_val=data.x, y_val=data.y)
    yield validated, recipe, seed, T(" Your value is that of the training set: validate with data.x_val.")
    for size in (1, 8, 16, 64, 128, 256, len(data.x)):
        yield data, replace(recipe, batch_size=size), seed, T(" Your value is that of batches of {size}.", size=size)
    momentum = replace(recipe, optimizer=Descent(training.learning_rate, momentum=0.9))
    yield data, momentum, seed, T(" Your value is that of SGD with momentum.")
    for rate in (0.1, 0.01, 0.001, 1.0):
        text = T(" Your value is that of SGD({rate}).", rate=rate)
        yield data, replace(recipe, optimizer=Descent(rate)), seed, text
    for other in (0, 1, 42, 109):
        yield data, recipe, other, T(" Your batches come in the order of seed {seed}.", seed=other)
    yield data, replace(recipe, optimizer=Descent(0.0)), seed, T(" Your network was not trained.")
