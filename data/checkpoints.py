"""A training's weights after each epoch, kept as changes in 8 bits: enough to train any epoch again and compare.

Shared by the kit, which keeps them while it trains, and the judge. Each change is told against what the changes before
it add up to, so that an error of rounding never lasts longer than an epoch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Codes = NDArray[np.int8]
Weights = list[NDArray[np.float32]]

LARGEST = 127
STEPS_PER_RMS = 10
"""Steps of rounding in the root mean square of a change, where its largest number leaves so many."""


@dataclass(frozen=True)
class Changes:
    """The changes of a list of arrays in each epoch: step times code.

    Attributes:
        codes: for each array of shape ``s``, int8 of shape ``(epochs, *s)``.
        steps: float32 of shape ``(epochs, arrays)``.

    """

    codes: Sequence[Codes]
    steps: NDArray[np.float32]

    @property
    def epochs(self) -> int:
        """How many epochs are kept."""
        return len(self.steps)

    def rounding(self, epoch: int) -> float:
        """The root of the expected squared distance by which rounding moves the change of an epoch, counted from 0."""
        steps = self.steps[max(epoch - 1, 0) : epoch + 1].astype(np.float64)
        sizes = [codes[0].size for codes in self.codes]
        return float(np.sqrt(np.sum(steps**2 * sizes) / 12))

    @property
    def is_fine(self) -> bool:
        """Whether no step is coarser than ``Recorder`` makes it: then rounding hides nothing."""
        for codes in self.codes:
            numbers = codes.reshape(self.epochs, -1).astype(np.float64)
            rms, largest = np.sqrt(np.mean(numbers**2, axis=1)), np.abs(numbers).max(axis=1, initial=0)
            if not np.all((rms >= STEPS_PER_RMS - 1) | (largest >= LARGEST - 1) | (largest == 0)):
                return False
        return True

    def checkpoints(self, initial: Sequence[NDArray[np.float32]]) -> Iterator[Weights]:
        """The weights before the first epoch and after each one, up to the rounding of one change."""
        weights = [np.array(array, np.float32) for array in initial]
        yield [array.copy() for array in weights]
        for epoch in range(self.epochs):
            for array, codes, step in zip(weights, self.codes, self.steps[epoch], strict=True):
                array += step * codes[epoch]
            yield [array.copy() for array in weights]


class Recorder:
    """Takes the weights after each epoch and gives their changes.

    Args:
        initial: the weights before the first epoch.
        kept: changes of epochs that were recorded before, to go on from.

    """

    def __init__(self, initial: Sequence[NDArray[np.float32]], kept: Changes | None = None) -> None:
        self._codes: list[list[Codes]] = [[] for _ in initial]
        self._steps: list[NDArray[np.float32]] = []
        self._told = [np.array(array, np.float32) for array in initial]
        if kept is not None:
            self._codes = [list(codes) for codes in kept.codes]
            self._steps = list(kept.steps)
            *_, self._told = kept.checkpoints(initial)

    def add(self, weights: Sequence[NDArray[Any]]) -> None:
        """The weights after one more epoch."""
        steps = []
        for told, array, kept in zip(self._told, weights, self._codes, strict=True):
            change = array - told
            step = _step(change)
            codes = np.rint(change / step).astype(np.int8)
            told += step * codes
            kept.append(codes)
            steps.append(step)
        self._steps.append(np.array(steps, np.float32))

    @property
    def changes(self) -> Changes:
        """Of all epochs so far."""
        epochs, arrays = len(self._steps), len(self._told)
        codes = [
            np.stack(kept) if kept else np.empty((0, *array.shape), np.int8)
            for kept, array in zip(self._codes, self._told, strict=True)
        ]
        return Changes(codes, np.array(self._steps, np.float32).reshape(epochs, arrays))


def _step(change: NDArray[Any]) -> np.float32:
    largest = np.abs(change).max(initial=0.0)
    if not np.isfinite(largest):
        raise ValueError("los pesos contienen un valor que no es finito (nan o inf): el entrenamiento divergió")
    rms = np.sqrt(np.mean(np.square(change, dtype=np.float64)))
    return np.float32(max(rms / STEPS_PER_RMS, largest / LARGEST, np.finfo(np.float32).tiny))
