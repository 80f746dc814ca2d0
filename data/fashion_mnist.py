"""Fashion-MNIST from the four original IDX files beside this module: verified, unpacked once, memory-mapped.

Reference: Xiao, Rasul and Vollgraf (2017), arXiv:1708.07747; the IDX format is LeCun's (1998).
"""

from __future__ import annotations

import gzip
import hashlib
import tempfile
import zlib
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

FOLDER = Path(__file__).resolve().parent / "fashion-mnist"
PREFIXES = {"train": "train", "test": "t10k"}
CLASS_NAMES = (  # in the order of the labels
    *("camiseta", "pantalón", "suéter", "vestido", "abrigo"),
    *("sandalia", "camisa", "zapatilla", "bolso", "botín"),
)
IMAGES, LABELS = "images-idx3-ubyte", "labels-idx1-ubyte"


class DataError(Exception):
    """A data file is missing, damaged or unreadable; the message says which one and what to do."""


def load_split(
    split: Literal["train", "test"], folder: Path = FOLDER
) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """The images and labels of one split, in the order of the original files.

    Args:
        split: ``"train"`` (60,000 images) or ``"test"`` (10,000).
        folder: where the four ``.gz`` files and their sums lie.

    Returns:
        Images of shape ``(n, 784)``, grey levels 0–255, and labels of shape ``(n,)``, classes 0–9. Read-only.

    Raises:
        DataError: a file is missing or its SHA-256 sum is not the recorded one.
        ValueError: there is no such split.

    """
    if split not in PREFIXES:
        raise ValueError(f"split must be 'train' or 'test', not {split!r}")
    images = _read_idx(folder, f"{PREFIXES[split]}-{IMAGES}")
    labels = _read_idx(folder, f"{PREFIXES[split]}-{LABELS}")
    return images.reshape(len(images), -1), labels


def _read_idx(folder: Path, name: str) -> npt.NDArray[np.uint8]:
    """One IDX file as an array: magic ``00 00 08 ndim``, big-endian uint32 sizes, then the bytes."""
    content = _verified_content(folder, name)
    ndim = int(content[3])
    shape = content[4 : 4 + 4 * ndim].view(">u4").astype(int)
    return content[4 + 4 * ndim :].reshape(shape)


def _verified_content(folder: Path, name: str) -> npt.NDArray[np.uint8]:
    """The unpacked bytes of a file, from the cache if they are whole there, else from the ``.gz``."""
    expected = _recorded_sum(folder / "SHA256SUMS.uncompressed", name)
    cached = folder / "cache" / name
    mapped = _map(cached)
    if mapped is not None and _sha256(mapped) == expected:
        return mapped
    unpacked = _unpack(folder, name)
    if _sha256(unpacked) != expected:
        raise DataError(_damaged(folder / f"{name}.gz"))
    kept = _keep(cached, unpacked)
    return kept if kept is not None else unpacked


def _unpack(folder: Path, name: str) -> npt.NDArray[np.uint8]:
    source = folder / f"{name}.gz"
    try:
        packed = source.read_bytes()
    except FileNotFoundError:
        raise DataError(f"{source} is missing. {_restore(source)}") from None
    except OSError as error:
        raise DataError(f"{source} cannot be read ({error.strerror}). Check its permissions.") from error
    if _sha256(packed) != _recorded_sum(folder / "SHA256SUMS", source.name):
        raise DataError(_damaged(source))
    try:
        return np.frombuffer(gzip.decompress(packed), np.uint8)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(_damaged(source)) from error


def _map(path: Path) -> npt.NDArray[np.uint8] | None:
    try:
        return np.memmap(path, np.uint8, mode="r")
    except (OSError, ValueError):  # ValueError: an empty file cannot be mapped
        return None


def _keep(path: Path, content: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8] | None:
    """Write the cache so that a reader sees all of it or nothing; a full or read-only disk only costs the cache."""
    temporary = None
    try:
        path.parent.mkdir(exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as file:
            temporary = Path(file.name)
            file.write(content.data)
        temporary.chmod(0o644)
        temporary.replace(path)
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        return None
    return _map(path)


def _sha256(content: bytes | npt.NDArray[np.uint8]) -> str:
    return hashlib.sha256(content if isinstance(content, bytes) else content.data).hexdigest()


def _recorded_sum(sums: Path, name: str) -> str:
    try:
        lines = sums.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        raise DataError(f"{sums} is missing or unreadable. {_restore(sums)}") from None
    for line in lines:
        digest, _, recorded = line.partition("  ")
        if recorded == name:
            return digest
    raise DataError(f"{sums} has no line for {name}. {_restore(sums)}")


def _damaged(source: Path) -> str:
    return f"{source} is damaged: its SHA-256 sum is not the one recorded in SHA256SUMS. {_restore(source)}"


def _restore(path: Path) -> str:
    return f"Restore it with `git checkout -- data/{path.parent.name}/{path.name}`, or download the course again."
