"""The homework of lesson 108: its protocol, and the file in which a student hands it in.

The file is a NumPy archive without pickle. Its members:

``meta``                      uint8, the bytes of a JSON text: schema, lesson, student, seed, code, versions, histories
``<initializer>/initial/<i>`` float32, array ``i`` of ``model.get_weights()`` before training
``<initializer>/final/<i>``   float32, the same array after training
``<initializer>/codes/<i>``   int8 of shape (epochs, ...), how that array changed in each epoch, in steps
``<initializer>/steps``       float32 of shape (epochs, arrays), the steps
"""

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import keras
import numpy as np
from numpy.typing import NDArray

from data.homework import HISTORY_KEYS, homework_of
from data.homework import homework_seed as homework_seed

from .versions import versions
from .whole import write_npz

SCHEMA = 2
INPUTS = 784
LESSON = "108_initialization"
STAGES = ("initial", "final")
UNKNOWN_SEED = -1  # of the batches, where fit trained


class HomeworkProtocol(NamedTuple):
    """What is trained, how, and what is asked of the result; data/homework has the values."""

    units: tuple[int, ...]
    """Neurons per layer; the last one is the softmax output, with Keras' default initializer."""
    activation: str
    initializers: tuple[str, ...]
    learning_rate: float
    """Of plain SGD: no momentum."""
    batch_size: int
    epochs: int
    validation_size: int
    """Images, the last ones of the training set."""
    min_gap: float
    """Percentage points of validation accuracy by which the best He must beat Glorot."""
    max_norm_ratio: float
    """Largest over smallest Frobenius norm of a trained network's kernels."""
    file_name: str


def _protocol() -> HomeworkProtocol:
    facts = homework_of(LESSON)
    values: dict[str, Any] = facts.table("protocol", dict[str, int | float | str | tuple[int | str, ...]])
    return HomeworkProtocol(**values, file_name=facts.artifact.file_name)


HOMEWORK = _protocol()


def initial_weights(kernel_initializer: str, seed: int) -> list[NDArray[np.float32]]:
    """Return what Keras draws for the homework's network right after this seed, in ``get_weights()`` order."""
    keras.utils.set_random_seed(seed)
    *hidden, outputs = HOMEWORK.units
    dense = keras.layers.Dense
    layers = [dense(units, HOMEWORK.activation, kernel_initializer=kernel_initializer) for units in hidden]
    model = keras.Sequential([keras.Input((INPUTS,)), *layers, dense(outputs, "softmax")])
    return list(model.get_weights())


def save_homework(
    results: Mapping[str, Mapping[str, Any]], path: str | os.PathLike[str], student_id: str, code: str = ""
) -> Path:
    """Write the homework's file: all of it or, when something fails, nothing.

    Args:
        results: what ``run_homework`` returned: for each initializer its ``history``, ``initial_weights``,
            ``final_weights`` and ``checkpoints``; trained with the seed ``homework_seed(student_id)``.
        path: of the file, ``HOMEWORK.file_name`` beside the notebook.
        student_id: the student's identifier, not empty and not what stands in the notebook at first.
        code: the grader's fingerprint of the functions that trained, when it is the grader that saves.

    Returns:
        The path of the file written.

    Raises:
        ValueError: if ``results`` or ``student_id`` is not what is described here.

    """
    if not isinstance(student_id, str):
        raise ValueError(f"student_id debe ser un texto no vacío con tu identificador; llegó {student_id!r}.")
    seed = homework_seed(student_id)
    _require_keys(results, HOMEWORK.initializers, "results")
    histories = {name: _history(results[name], name) for name in HOMEWORK.initializers}
    members = _weight_members(results)
    for name in HOMEWORK.initializers:
        members |= _changes(results[name], name)
        _require_seed(results[name], name, seed)
    meta = {
        "schema": SCHEMA,
        "lesson": LESSON,
        "student_id": student_id.strip(),
        "seed": seed,
        "code": code,
        "versions": versions(),
        "histories": histories,
    }
    members["meta"] = np.frombuffer(json.dumps(meta, ensure_ascii=False).encode("utf-8"), dtype=np.uint8)
    return write_npz(Path(path), members, compressed=True)


def load_homework(path: str | os.PathLike[str]) -> dict[str, Any]:
    """Read what ``save_homework`` wrote.

    Returns:
        The entries of ``meta``, and ``results`` in the form that ``run_homework`` returns.

    """
    with np.load(path, allow_pickle=False) as archive:
        meta: dict[str, Any] = json.loads(archive["meta"].tobytes().decode("utf-8"))
        results = {
            name: {"history": history}
            | {f"{stage}_weights": _read_stage(archive, name, stage) for stage in STAGES}
            | {"checkpoints": {"codes": _read_stage(archive, name, "codes"), "steps": archive[f"{name}/steps"]}}
            for name, history in meta["histories"].items()
        }
    return meta | {"results": results}


def _read_stage(archive: Mapping[str, NDArray[Any]], name: str, stage: str) -> list[NDArray[Any]]:
    prefix = f"{name}/{stage}/"
    count = sum(member.startswith(prefix) for member in archive)
    return [archive[f"{prefix}{i}"] for i in range(count)]


def _weight_members(results: Mapping[str, Mapping[str, Any]]) -> dict[str, NDArray[Any]]:
    return {
        f"{name}/{stage}/{i}": array
        for name in HOMEWORK.initializers
        for stage in STAGES
        for i, array in enumerate(_weights(results[name], name, stage))
    }


def _history(result: Mapping[str, Any], name: str) -> dict[str, list[float]]:
    where = f'results["{name}"]'
    _require_keys(result, ("history", "initial_weights", "final_weights", "checkpoints"), where)
    history = result["history"]
    _require_keys(history, HISTORY_KEYS, f'{where}["history"]')
    return {key: _floats(history[key], f'{where}["history"]["{key}"]') for key in HISTORY_KEYS}


def _floats(values: Any, where: str) -> list[float]:
    if not isinstance(values, Sequence) or isinstance(values, str) or not values:
        raise ValueError(f"{where} debe ser una lista de números, uno por época; llegó {_kind(values)}.")
    numbers = [float(value) for value in values]
    if not np.all(np.isfinite(numbers)):
        raise ValueError(f"{where} contiene un valor que no es finito (nan o inf): el entrenamiento divergió.")
    return numbers


def _weights(result: Mapping[str, Any], name: str, stage: str) -> list[NDArray[np.float32]]:
    where, expected = f'results["{name}"]["{stage}_weights"]', 2 * len(HOMEWORK.units)
    weights = result[f"{stage}_weights"]
    if not isinstance(weights, Sequence) or len(weights) != expected:
        raise ValueError(
            f"{where} debe ser la lista de model.get_weights(): {expected} arreglos (kernel y sesgo de cada capa);"
            f" llegó {_kind(weights)}."
        )
    for i, array in enumerate(weights):
        if not isinstance(array, np.ndarray) or array.dtype.kind != "f":
            raise ValueError(
                f"{where}[{i}] debe ser un arreglo de NumPy con números reales; llegó {_kind(array)}."
                " Usa model.get_weights(), que devuelve copias, y no model.weights."
            )
    return [np.asarray(array, dtype=np.float32) for array in weights]


def _changes(result: Mapping[str, Any], name: str) -> dict[str, NDArray[Any]]:
    where, epochs = f'results["{name}"]["checkpoints"]', HOMEWORK.epochs
    changes = result["checkpoints"]
    _require_keys(changes, ("codes", "steps", "seed"), where)
    if len(changes["steps"]) != epochs:
        raise ValueError(
            f"{where} debe tener los cambios de {epochs} épocas; llegaron los de {len(changes['steps'])}. Pasa a"
            " kit.train unos kit.Checkpoints nuevos en cada entrenamiento y devuelve checkpoints.changes."
        )
    codes = {f"{name}/codes/{i}": np.asarray(array, np.int8) for i, array in enumerate(changes["codes"])}
    return codes | {f"{name}/steps": np.asarray(changes["steps"], np.float32)}


def _require_seed(result: Mapping[str, Any], name: str, seed: int) -> None:
    used = result["checkpoints"]["seed"]
    if used == UNKNOWN_SEED:
        raise ValueError(f"{name} debe entrenarse con kit.train, no con fit: los lotes van en el orden de tu semilla.")
    if used != seed:
        raise ValueError(
            f"{name} se entrenó con la semilla {used}, y la de tu identificador es {seed}. Entrena con"
            " seed=kit.homework_seed(student_id)."
        )
    pairs = zip(result["initial_weights"], initial_weights(name, seed), strict=True)
    if not all(np.array_equal(array, drawn) for array, drawn in pairs):
        raise ValueError(
            f"Los pesos iniciales de {name} no son los que Keras sortea con tu semilla, {seed}. En train_homework llama"
            " a seed_everything(seed) justo antes de construir la red, y no sortees nada en medio."
        )


def _require_keys(mapping: Any, expected: Sequence[str], where: str) -> None:
    if not isinstance(mapping, Mapping):
        raise ValueError(
            f"{where} debe ser un diccionario con las claves {', '.join(expected)}; llegó {_kind(mapping)}."
        )
    missing = [key for key in expected if key not in mapping]
    if missing:
        raise ValueError(
            f"A {where} le falta {', '.join(missing)}. Se esperaban las claves {', '.join(expected)};"
            f" llegaron {', '.join(map(str, mapping)) or 'ninguna'}."
        )


def _kind(value: Any) -> str:
    kind = type(value).__name__
    return f"{kind} de {len(value)} elementos" if isinstance(value, list | tuple | dict) else kind
