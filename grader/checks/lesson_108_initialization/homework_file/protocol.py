"""The homework's protocol, as data/homework has it for the kit, the lesson's text and the judge."""

from __future__ import annotations

import msgspec

from data.homework import homework_of
from grader.mathematics.training import Descent, Recipe

LESSON = "108_initialization"
INPUTS = 784


class HomeworkProtocol(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is trained, how, and what is asked of the result; ``min_gap`` in percentage points of accuracy."""

    units: tuple[int, ...]
    activation: str
    initializers: tuple[str, ...]
    learning_rate: float
    batch_size: int
    epochs: int
    validation_size: int
    min_gap: float
    max_norm_ratio: float

    @property
    def recipe(self) -> Recipe:
        """How each network is trained."""
        return Recipe(Descent(self.learning_rate), activation=self.activation, batch_size=self.batch_size)


class LargestFinalLoss(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The largest ``val_loss`` of a network that was trained for all epochs."""

    glorot: float
    he: float

    def of(self, initializer: str) -> float:
        """The one of a network that was drawn by this initializer."""
        return self.glorot if initializer == GLOROT else self.he


PROTOCOL = homework_of(LESSON).table("protocol", HomeworkProtocol)
GLOROT, HE = PROTOCOL.initializers[0], PROTOCOL.initializers[1:]
LARGEST_FINAL_LOSS = homework_of(LESSON).table("largest_final_loss", LargestFinalLoss)
