"""The homework's training as a proof: epochs are trained again from the file's own checkpoints.

Weights after an epoch of SGD follow from the weights before it and from the order of the batches, which the seed
decides. So whoever did not train an epoch does not know where it leads. What is compared is the movement of the epoch,
never the weights: these hardly move, and any two checkpoints would be near.

Reference: Jia et al. (2021), "Proof-of-Learning: Definitions and Practice", IEEE S&P; bounds relative to the movement
because of Fang et al. (2023), "Proof-of-Learning is Currently More Broken Than You Think", EuroS&P.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file.claimed import Evidence, evidence
from grader.checks.lesson_108_initialization.homework_file.images import training_images, validation_images
from grader.checks.lesson_108_initialization.homework_file.measured import measured
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.judge.check import Mismatch, Student
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.training import Data, train
from grader.randomness import Generator

# Beside the expected rounding of checkpoints. docs/proof.md has what honest and forged epochs miss, rounding included:
# 0.026 to 0.044 of the movement, and 0.045 to 0.75; half of the images in an early epoch are the nearest forgery.
MISSED = 0.025
LAST = 0.05  # of the last movement: rounding takes the last checkpoint from the final weights by 0.03 of it, about


@dataclass(frozen=True)
class Stretch:
    """An epoch of a network, counted from 0, with the weights that the file has before and after it."""

    name: str
    epoch: int
    before: network.Layers
    after: network.Layers
    rounding: float

    @property
    def movement(self) -> Array:
        """What the file says that the epoch changed, as one vector."""
        return flat(self.after) - flat(self.before)

    def again(self, seed: int) -> Array:
        """What the epoch changes from the same weights, with the batches that the seed gives it."""
        data, order = _data(), np.random.default_rng(abs(seed))
        for _ in range(self.epoch):
            order.permutation(len(data.x))
        return flat(next(train(self.before, data, PROTOCOL.recipe, 1, order)).layers) - flat(self.before)


def flat(layers: network.Layers) -> Array:
    """All weights as one vector."""
    return np.concatenate([array.ravel() for layer in layers for array in layer])


def _data() -> Data:
    x, y = validation_images()
    return Data(*training_images(), x[:1], y[:1])


def replay(student: Student) -> None:
    """Train an epoch of each network again, drawn by the run's seed, to see that it leads where the file says."""
    return student.once("homework replay", lambda rng: _replay(evidence(student), student.audit.thorough, rng))


def _replay(found: Evidence, thorough: bool, rng: Generator) -> None:
    for name in PROTOCOL.initializers:
        drawn = range(PROTOCOL.epochs) if thorough else (int(rng.integers(PROTOCOL.epochs)),)
        for epoch, (before, after) in enumerate(pairwise(found.checkpoints(name))):
            if epoch in drawn:
                rounding = found.changes[name].rounding(epoch)
                expect_trained(Stretch(name, epoch, before, after, rounding), found.homework.meta.seed)


def missed_by(stretch: Stretch, seed: int) -> tuple[float, float]:
    """How far the stretch is from what its epoch makes of the weights before it, and how far it may be.

    Both are shares of the epoch's movement; NaN where the weights give no number.
    """
    expected = stretch.again(seed)
    size = np.linalg.norm(expected)
    missed, rounding = np.linalg.norm(stretch.movement - expected) / size, stretch.rounding / size
    return float(missed), float(np.hypot(MISSED, rounding))


def expect_trained(stretch: Stretch, seed: int) -> None:
    """The stretch is what its epoch makes of the weights before it. Raises Mismatch."""
    missed, limit = missed_by(stretch, seed)
    if not missed <= limit:  # also where it is no number
        raise Mismatch(
            T(
                "{name}: epoch {epoch}, trained again from the weights that the file has before it, leads elsewhere "
                "than the file says: the movement is missed by {missed} of its size, and {limit} is what rounding "
                "makes. Train with kit.train, SGD({rate}) and batches of {batch_size}, and save that training.",
                name=stretch.name,
                epoch=stretch.epoch + 1,
                missed=f"{missed:.1%}",
                limit=f"{limit:.1%}",
                rate=PROTOCOL.learning_rate,
                batch_size=PROTOCOL.batch_size,
            )
        )


def claims(student: Student) -> None:
    """Every ``val_loss`` and ``val_accuracy`` of the histories is that of its epoch's weights."""
    return student.once("homework claims", lambda _: _claims(evidence(student)))


def _claims(found: Evidence) -> None:
    for name in PROTOCOL.initializers:
        *_, before, last = epochs = list(found.checkpoints(name))
        final = found.final[name]
        gap = np.linalg.norm(flat(final) - flat(last))
        if not gap <= LAST * np.linalg.norm(flat(last) - flat(before)):
            raise Mismatch(
                T(
                    "{name}: its last checkpoint is not its final weights. Take both from the same training, with "
                    "new kit.Checkpoints for each.",
                    name=name,
                )
            )
        measured(final).expect(found.histories[name], PROTOCOL.epochs - 1, name, T("its final weights"))
        for epoch, layers in enumerate(epochs[1:-1]):
            measured(layers).expect(found.histories[name], epoch, name, T("the weights of that epoch"))
