"""A student's history held to the training it tells of: the same weights and batches, trained again in NumPy."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from grader.judge.check import Mismatch
from grader.language.messages import T, Text
from grader.mathematics.network import Layers
from grader.mathematics.training import Data, Descent, Epoch, Recipe, train

# Keras and NumPy came to losses that differ by at most 4e-7 in 288 epochs of right work (24 seeds, mean 6e-8, sd 7e-8);
# without its seed, or in another order of batches, lesson 109's trainings move val_loss by several percent in an epoch.
LOSS_TOLERANCE = 1e-3
HINT_TOLERANCE = 2e-5  # so many mistakes are tried that one of them would come near by chance
MOVED = 1.5  # rounding may move an example across the decision boundary; none moved in those epochs

Hint = Callable[[list[float]], Text]
"""What explains the values of val_loss that were received, or what to look at."""


@dataclass(frozen=True)
class Replay:
    """A training that the judge does again: from these weights, in the order of ``kit.epoch_batches`` for the seed."""

    layers: Layers
    data: Data
    recipe: Recipe
    seed: int

    def epochs(self, count: int) -> Iterator[Epoch]:
        """The first epochs, each as soon as it is done."""
        return train(self.layers, self.data, self.recipe, count, np.random.default_rng(self.seed))


Mistake = tuple[Replay, Text]
"""A training that is taken for the one asked for, and what to say of it."""


def expect_replay(
    history: dict[str, list[float]],
    replay: Replay,
    what: str,
    replayed: int,
    hint: Hint,
    tolerance: float = LOSS_TOLERANCE,
) -> None:
    """The history's first ``replayed`` epochs are those of the training; ``tolerance`` is relative."""
    total = len(replay.data.x_val)
    for index, epoch in enumerate(replay.epochs(replayed)):
        loss, accuracy = history["val_loss"][index], history["val_accuracy"][index]
        if not abs(loss - epoch.val_loss) <= tolerance * max(epoch.val_loss, 0.1):  # also where it is no number
            raise Mismatch(
                T(
                    "`{what}`: after epoch {epoch}, val_loss should be {expected}; received {received}.{hint}",
                    what=what,
                    epoch=index + 1,
                    expected=f"{epoch.val_loss:.4f}",
                    received=f"{loss:.4f}",
                    hint=hint(history["val_loss"]),
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


def explained(first_loss: float, mistakes: Iterable[Mistake], otherwise: Text) -> Text:
    """What is said of the mistake that gives this val_loss after one epoch, or ``otherwise``."""
    for replay, text in mistakes:
        epoch = next(replay.epochs(1))
        if math.isclose(epoch.val_loss, first_loss, rel_tol=HINT_TOLERANCE):
            return text
    return otherwise


def usual_mistakes(replay: Replay, rates: Iterable[float], seeds: Iterable[int]) -> Iterator[Mistake]:
    """Other validation data, batches, momentum, ``rates`` and ``seeds`` of the batches; and no training at all."""
    data, recipe = replay.data, replay.recipe
    validated = replace(replay, data=replace(data, x_val=data.x, y_val=data.y))
    yield validated, T(" Your value is that of the training set: validate with data.x_val.")
    for size in (1, 8, 16, 64, 128, 256, len(data.x)):
        batches = replace(recipe, batch_size=size)
        yield replace(replay, recipe=batches), T(" Your value is that of batches of {size}.", size=size)
    if isinstance(recipe.optimizer, Descent):
        momentum = replace(recipe, optimizer=replace(recipe.optimizer, momentum=0.9))
        yield replace(replay, recipe=momentum), T(" Your value is that of SGD with momentum.")
    for rate in rates:
        faster = replace(recipe, optimizer=Descent(rate))
        yield replace(replay, recipe=faster), T(" Your value is that of SGD({rate}).", rate=rate)
    for seed in seeds:
        yield replace(replay, seed=seed), T(" Your batches come in the order of seed {seed}.", seed=seed)
    still = replace(recipe, optimizer=Descent(0.0))
    yield replace(replay, recipe=still), T(" Your network was not trained.")
