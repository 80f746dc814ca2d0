"""What a training leaves after each epoch: the proof that it was done, and where it goes on after an interruption."""

import hashlib
import json
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import keras
import numpy as np
from numpy.typing import NDArray

from data.checkpoints import Changes, Recorder

from .homework import UNKNOWN_SEED
from .whole import write_npz

FOLDER = "progreso"
UNREADABLE = (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile)


class Checkpoints(keras.callbacks.Callback):  # type: ignore[misc]  # Keras ships no type information
    """Takes the weights after every epoch, for ``kit.train`` and for ``fit`` as one of its ``callbacks``.

    ``changes`` tells how the weights changed in each epoch, in 8 bits: that goes into the homework's file. With
    ``kit.train`` the training also goes on where it was interrupted: what is needed lies in ``progreso/<name>.npz``
    beside the notebook, and belongs to these initial weights, data, batches and optimizer only.

    Args:
        name: of the training, for the file's name.

    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.path = Path(FOLDER) / f"{name}.npz"
        self._recorder: Recorder | None = None
        self._initial: list[NDArray[np.float32]] = []
        self._training, self._seed = "", UNKNOWN_SEED
        self._history: dict[str, list[float]] = {}

    @property
    def changes(self) -> dict[str, Any]:
        """``codes``, int8 of shape ``(epochs, *shape)`` for each array of weights; ``steps``, float32; the ``seed``."""
        if self._recorder is None:
            raise ValueError("Nada se ha entrenado todavía con estos checkpoints: pásalos a kit.train.")
        found = self._recorder.changes
        return {"codes": list(found.codes), "steps": found.steps, "seed": self._seed}

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002 - Keras passes both
        """Take the weights before the first epoch."""
        self._initial = self.model.get_weights()
        self._recorder, self._history = Recorder(self._initial), {}

    def on_epoch_end(self, epoch: int, logs: dict[str, float] | None = None) -> None:  # noqa: ARG002 - as above
        """Take the weights after an epoch, and keep them on disk if ``kit.train`` trains."""
        assert self._recorder is not None
        self._recorder.add(self.model.get_weights())
        for name, value in (logs or {}).items():
            self._history.setdefault(name, []).append(float(value))
        if self._training:
            self._keep()

    def resume(self, seed: int, epochs: int, *parts: Any) -> dict[str, list[float]]:
        """Begin, or go on where the same training stopped: the model gets its weights.

        Args:
            seed: of the batches.
            epochs: that are wanted; a file with more of them is not used.
            parts: what decides the training besides the initial weights: arrays, and values that JSON can write.

        Returns:
            The history of the epochs that are done; empty if there is none.

        """
        self.on_train_begin()
        self._seed, self._training = seed, _digest((*self._initial, *parts, seed))
        try:
            with self.path.open("rb") as stream, np.load(stream, allow_pickle=False) as file:
                kept = {name: file[name] for name in file.files}
            found = json.loads(kept["meta"].tobytes())
            if found["key"] != self._training or len(kept["steps"]) > epochs:
                return {}
            count = range(len(self._initial))
            changes = Changes([kept[f"codes/{i}"] for i in count], kept["steps"])
            self._recorder = Recorder(self._initial, changes)
            self.model.set_weights([kept[f"weights/{i}"] for i in count])
        except UNREADABLE:
            return {}
        self._history = found["history"]
        return {name: list(values) for name, values in self._history.items()}

    def _keep(self) -> None:
        found, meta = self.changes, {"key": self._training, "history": self._history}
        members = {f"codes/{i}": codes for i, codes in enumerate(found["codes"])}
        members |= {f"weights/{i}": array for i, array in enumerate(self.model.get_weights())}
        members |= {"steps": found["steps"], "meta": np.frombuffer(json.dumps(meta).encode(), np.uint8)}
        try:
            self.path.parent.mkdir(exist_ok=True)
            write_npz(self.path, members, compressed=False)
        except OSError as error:
            self._training = ""
            print(
                f"El avance no se puede guardar en {self.path} ({error.strerror or error}): si interrumpes, empezará"
                " de nuevo."
            )


def _digest(parts: Iterable[Any]) -> str:
    digest = hashlib.sha256()
    for part in parts:
        if isinstance(part, np.ndarray):
            digest.update(f"{part.dtype.str}{part.shape}".encode())
            digest.update(np.ascontiguousarray(part).data)
        else:
            digest.update(json.dumps(part, sort_keys=True, default=str).encode() + b"\0")
    return digest.hexdigest()
