"""One way to train for all lessons: seeded batches, validation after every epoch, progress in one line."""

import time
from typing import Any

import keras

from .batching import epoch_batches
from .dataset import Dataset
from .progress import line_writer

History = dict[str, list[float]]

VALIDATION_BATCH = 1000


class EpochProgress(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no type information
    """Say after every epoch how far the training is and how it goes."""

    def __init__(self, title: str, epochs: int) -> None:
        super().__init__()
        self._title, self._epochs = title, epochs
        self._write = line_writer()
        self._start = time.monotonic()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Write the line of the epoch that ends; ``epoch`` counts from 0."""
        done, figures = epoch + 1, logs or {}
        elapsed = time.monotonic() - self._start
        remaining = elapsed / done * (self._epochs - done)
        self._write(
            f"{self._title}: época {done}/{self._epochs}"
            f" · val_loss {figures.get('val_loss', float('nan')):.4f}"
            f" · val_accuracy {figures.get('val_accuracy', float('nan')):.2%}"
            f" · {elapsed:.0f} s (faltan {remaining:.0f} s)",
            done == self._epochs,
        )


def train(
    model: keras.Model, data: Dataset, *, batch_size: int, epochs: int, seed: int, title: str = "entrenamiento"
) -> History:
    """Fit a compiled model and return its history.

    Args:
        model: compiled with ``metrics=["accuracy"]``.
        data: training and validation examples.
        batch_size: training examples per step.
        epochs: passes over the training examples.
        seed: of the order of the batches; the weights are drawn when the model is built, not here.
        title: what the progress line calls this training.

    Returns:
        ``loss``, ``accuracy``, ``val_loss`` and ``val_accuracy``, each a list with one float per epoch.

    """
    fitted = model.fit(
        epoch_batches(data.x_train, data.y_train, batch_size, seed),
        validation_data=(data.x_val, data.y_val),
        validation_batch_size=VALIDATION_BATCH,
        epochs=epochs,
        shuffle=False,
        callbacks=[EpochProgress(title, epochs)],
        verbose=0,
    )
    return {name: [float(value) for value in values] for name, values in fitted.history.items()}
