"""Files that are written whole or not at all."""

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray


def write_npz(path: Path, members: Mapping[str, NDArray[Any]], *, compressed: bool) -> Path:
    """Write a NumPy archive; a reader, or a student who stops the kernel, never meets half a file. Raises OSError."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    save = np.savez_compressed if compressed else np.savez
    try:
        with temporary.open("wb") as stream:
            save(stream, **members)  # type: ignore[arg-type]  # mypy takes members for the function's own options
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return path
