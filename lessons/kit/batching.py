"""Batches in an order that NumPy alone decides, so that two trainings can see the same ones."""

from collections.abc import Iterator
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

Batch = tuple[NDArray[Any], NDArray[Any]]


class EpochBatches(keras.utils.PyDataset):  # type: ignore[misc]  # Keras ships no type information
    """Batches of (x, y) under a fresh permutation per epoch, drawn from ``np.random.default_rng(seed)``.

    Epoch ``k`` of the training uses the ``k``-th ``rng.permutation(n)``, whatever else draws random numbers.
    It is a sequence: ``batches[0]`` is the first batch of the current epoch, and going over it with ``for``
    is one epoch.

    Pass ``shuffle=False`` to ``fit``, as ``kit.train`` does: with Keras' default of ``True`` the batches hold the
    same examples, but Keras takes them in an order of its own, drawn from Python's ``random``.
    """

    def __init__(self, x: NDArray[Any], y: NDArray[Any], batch_size: int, seed: int) -> None:
        super().__init__()
        if len(x) != len(y):
            raise ValueError(f"x e y deben tener igual número de ejemplos; llegaron {len(x)} y {len(y)}.")
        if batch_size < 1:
            raise ValueError(f"batch_size debe ser al menos 1; llegó {batch_size}.")
        self._x, self._y, self._batch_size = x, y, batch_size
        self._rng = np.random.default_rng(seed)
        self._order = self._rng.permutation(len(x))
        self._epoch_begun = False

    def __len__(self) -> int:
        """Return the number of batches in an epoch; the last one may be smaller."""
        return -(-len(self._x) // self._batch_size)

    def __getitem__(self, index: int) -> Batch:
        """Return batch ``index`` of the current epoch: x of shape (b, ...) and y of shape (b, ...)."""
        if not 0 <= index < len(self):
            raise IndexError(f"Hay {len(self)} lotes; el índice {index} no existe.")
        rows = self._order[index * self._batch_size : (index + 1) * self._batch_size]
        return self._x[rows], self._y[rows]

    def __iter__(self) -> Iterator[Batch]:
        """Go over one epoch; the next ``for`` goes over the next one."""
        self.on_epoch_begin()
        for index in range(len(self)):
            yield self[index]
        self.on_epoch_end()

    def skip(self, epochs: int) -> None:
        """Go over so many epochs without looking at them."""
        for _ in range(epochs):
            self._order = self._rng.permutation(len(self._x))

    def on_epoch_begin(self) -> None:
        """Note that the current permutation is in use."""
        self._epoch_begun = True

    def on_epoch_end(self) -> None:
        """Draw the next permutation, if the current one was used."""
        # Keras also calls this once before the first epoch, and that must not cost a permutation.
        if self._epoch_begun:
            self._order = self._rng.permutation(len(self._x))
            self._epoch_begun = False


def epoch_batches(x: NDArray[Any], y: NDArray[Any], batch_size: int, seed: int) -> EpochBatches:
    """Return the batches of (x, y) for ``fit``, in the order that ``seed`` decides.

    Args:
        x: inputs, shape (n, ...).
        y: labels, shape (n, ...).
        batch_size: examples per batch; the last batch of an epoch may be smaller.
        seed: of the permutations; the same seed gives the same batches in the same order.

    """
    return EpochBatches(x, y, batch_size, seed)
