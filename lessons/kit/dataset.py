"""Fashion-MNIST as the lessons use it: float images in [0, 1], one row per image."""

from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from data.fashion_mnist import CLASS_NAMES as CLASS_NAMES
from data.fashion_mnist import load_split

from .homework import HOMEWORK

Images = NDArray[np.float32]
Labels = NDArray[np.int32]


class Dataset(NamedTuple):
    """Training and validation examples.

    Attributes:
        x_train: float32 images in [0, 1], shape (n_train, 784).
        y_train: int32 labels from 0 to 9, shape (n_train,).
        x_val: float32 images in [0, 1], shape (n_val, 784).
        y_val: int32 labels from 0 to 9, shape (n_val,).

    """

    x_train: Images
    y_train: Labels
    x_val: Images
    y_val: Labels


def load_fashion_mnist() -> Dataset:
    """Return Fashion-MNIST's training set, its last 5,000 images set apart for validation."""
    x, y = _scaled("train")
    n_train = len(x) - HOMEWORK.validation_size
    return Dataset(x[:n_train], y[:n_train], x[n_train:], y[n_train:])


def load_test_set() -> tuple[Images, Labels]:
    """Return the 10,000 test images, shape (10000, 784), and their labels, shape (10000,)."""
    return _scaled("test")


def subset(data: Dataset, n_train: int, n_val: int, seed: int = 42) -> Dataset:
    """Return a smaller dataset, its examples drawn without replacement.

    Args:
        data: the dataset to draw from.
        n_train: number of training examples to keep.
        n_val: number of validation examples to keep.
        seed: of the draw; the same seed gives the same examples.

    Raises:
        ValueError: if more examples are asked for than there are.

    """
    rng = np.random.default_rng(seed)
    train = _draw(rng, n_train, len(data.x_train), "entrenamiento")
    val = _draw(rng, n_val, len(data.x_val), "validación")
    return Dataset(data.x_train[train], data.y_train[train], data.x_val[val], data.y_val[val])


def _scaled(split: Literal["train", "test"]) -> tuple[Images, Labels]:
    images, labels = load_split(split)
    return np.asarray(images, dtype=np.float32) / np.float32(255), np.asarray(labels, dtype=np.int32)


def _draw(rng: np.random.Generator, wanted: int, available: int, part: str) -> NDArray[Any]:
    if not 0 < wanted <= available:
        raise ValueError(f"Pediste {wanted} ejemplos de {part}; debe ser un número entre 1 y {available}.")
    return rng.permutation(available)[:wanted]
