"""What a network is worth on the validation images, and what rounding leaves open about it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file.images import validation_images
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.judge.check import Mismatch
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.losses import CROSS_ENTROPY

LOSS_TOLERANCE = 1e-3  # of the larger of val_loss and 1
# Between logits: rounding to TF32 moves them by less than this, the rounding of a checkpoint too; float16 by more.
MARGIN = 0.01


@dataclass(frozen=True)
class Measured:
    """Mean loss in nats; the shares of images that are right for certain, and right or nearer to it than rounding."""

    loss: float
    lowest: float
    highest: float

    def expect(self, history: dict[str, list[float]], epoch: int, name: str, weights: Text) -> None:
        """What a history says of an epoch, counted from 0, is what its weights give. Raises Mismatch."""
        loss, accuracy = history["val_loss"][epoch], history["val_accuracy"][epoch]
        if not abs(loss - self.loss) <= LOSS_TOLERANCE * max(self.loss, 1):  # also where the weights give no number
            raise _refuted(name, epoch, "val_loss", loss, f"{self.loss:.4f}", weights)
        if not self.lowest - 1e-6 <= accuracy <= self.highest + 1e-6:
            found = f"{self.lowest:.4f}" if self.lowest == self.highest else f"{self.lowest:.4f}-{self.highest:.4f}"
            raise _refuted(name, epoch, "val_accuracy", accuracy, found, weights)


def measured(layers: network.Layers) -> Measured:
    """A network on the validation images."""
    x, y = validation_images()
    z = network.logits(layers, x, PROTOCOL.activation)
    right, rivals = _rivals(z, y)
    return Measured(
        CROSS_ENTROPY.value(z, y), float(np.mean(right > rivals + MARGIN)), float(np.mean(right >= rivals - MARGIN))
    )


def _rivals(z: Array, y: Array) -> tuple[Array, Array]:
    """Each example's logit of its label, and the largest of the others."""
    rows = np.arange(len(y))
    right, others = z[rows, y], z.copy()
    others[rows, y] = -np.inf
    return right, others.max(axis=1)


def _refuted(name: str, epoch: int, key: str, claim: float, value: str, weights: Text) -> Mismatch:
    return Mismatch(
        T(
            "{name}: after epoch {epoch} the history says a {key} of {claim}, and {weights} give {value}. Save the "
            "weights and the history of the same training.",
            name=name,
            epoch=epoch + 1,
            key=key,
            claim=f"{claim:.4f}",
            weights=weights,
            value=value,
        )
    )
