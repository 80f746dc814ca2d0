"""Trainings that come out the same in whatever order the examples come: who trains with ``fit`` is held to them too.

Either all examples fit into one batch, or they are copies of one image, so that only the number of steps counts.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student
from grader.judge.replays import Replay
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.network import Layers
from grader.mathematics.training import Epoch
from grader.wire.values import FunctionName

DECIDED = 1e-3  # logits of right work and of the judge's differ by far less
LARGEST_BIAS = 1.0
SIZES_OF_KERNELS = (0.05, 10.0)  # |w|·√fan_in of all that builders draw, right or wrong; not of forged weights

Mistake = tuple[Callable[[Replay], Replay], Text]
"""What is trained instead, and what to say of it."""


def copies(images: list[Array], row: int, count: int) -> list[Array]:
    """The same validation data, and one training image ``count`` times."""
    x, y, x_val, y_val = images
    return [np.repeat(x[row : row + 1], count, axis=0), np.repeat(y[row : row + 1], count), x_val, y_val]


def start(student: Student, build: str, seed: int, sizes: list[int], *arguments: object) -> Layers:
    """The weights that the student's builder draws right after the seed."""
    what = f"{build}({', '.join(map(repr, arguments))})"
    told = student.tool("seeded_weights", FunctionName(build), seed, *arguments)
    layers = network.pairs(expect.weights(told, sizes, what))
    low, high = SIZES_OF_KERNELS
    for kernel, bias in layers:
        size = float(np.sqrt(np.square(kernel, dtype=np.float64).mean() * len(kernel)))
        if not (low < size < high and np.abs(bias).max() <= LARGEST_BIAS):  # also where they are no numbers
            raise Mismatch(T("`{what}`: no training can start from the weights that it draws.", what=what))
    return layers


@dataclass(frozen=True)
class Ending:
    """The accuracy that a student's training of so many epochs is said to end with, and the judge's training."""

    what: str
    accuracy: float
    replay: Replay
    epochs: int

    def is_that_of(self, replay: Replay) -> bool:
        """Whether this training ends with it; examples on the decision boundary may count or not."""
        last = self.last(replay)
        z = network.logits(last.layers, replay.data.x_val, replay.recipe.activation)
        doubtful = int((_margins(z) < DECIDED).sum())
        return abs(self.accuracy - last.val_accuracy) * len(z) <= doubtful + curves.ROUNDING

    def last(self, replay: Replay) -> Epoch:
        """The training's last epoch."""
        *_, last = replay.epochs(self.epochs)
        return last


def with_recipe(**changes: Any) -> Callable[[Replay], Replay]:
    """The same training with another optimizer or size of batches."""
    return lambda replay: replace(replay, recipe=replace(replay.recipe, **changes))


def _margins(z: Array) -> Array:
    """How far each example is from another answer; a single output answers by its sign."""
    if z.shape[1] == 1:
        return np.abs(z[:, 0])
    second, first = np.sort(z, axis=1)[:, -2:].T
    return np.asarray(first - second)


def expect_endings(
    endings: list[Ending], every: Callable[[], list[Ending]], mistakes: Iterable[Mistake], otherwise: Text
) -> None:
    """Each of these trainings ends as the judge's.

    A few accuracies can be those of a mistake by chance: it is named where it explains ``every`` one that is known.
    """
    wrong = next((each for each in endings if not each.is_that_of(each.replay)), None)
    if wrong is None:
        return
    known = every()
    explained = (text for change, text in mistakes if all(each.is_that_of(change(each.replay)) for each in known))
    raise Mismatch(
        T(
            "`{what}`: with these data and this seed it is {expected}; received {received}.{hint}",
            what=wrong.what,
            expected=f"{wrong.last(wrong.replay).val_accuracy:.3f}",
            received=f"{wrong.accuracy:.3f}",
            hint=next(explained, otherwise),
        )
    )
