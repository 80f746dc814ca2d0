"""What decides a grade beside the work: a set of rooms, the kit, the data, and the libraries that compute.

A journal's results hold as long as this hash does. A comma in a page or a gradebook is not part of it; all that travels
between machines is, in the hash of the whole version.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

ROOMS = frozenset(
    [
        *("arrays", "checks", "deciding", "exercises", "faults", "files", "grade", "handed_file", "isolation"),
        *("judge", "language", "lesson", "limits", "mathematics", "randomness", "results", "student", "submission"),
        *("wire", "worker"),
    ]
)
VERDICTS = "verdicts"
"""The domain of the translations that are part of a record; those of pages are in one of their own."""
LIBRARIES = ("keras", "matplotlib", "msgspec", "numpy", "tensorflow")


def room_of(path: Path, package: Path) -> str:
    """The room of a file below the grader's package: the folder or the module right below it."""
    return path.relative_to(package).parts[0].removesuffix(".py")


def deciding_hash(root: Path) -> str:
    """A hash of all that decides a grade in a checkout, beside the work and the run's options."""
    package = root / "grader"
    sources = (path for path in package.rglob("*.py") if room_of(path, package) in ROOMS)
    return _hash(root, [*sources, *package.rglob(f"{VERDICTS}.mo"), *_given(root)])


def version_hash(root: Path) -> str:
    """A hash of all that two machines must share to work on one batch: the whole grader, and what decides a grade."""
    package = root / "grader"
    return _hash(root, [*package.rglob("*.py"), *package.rglob("*.mo"), *_given(root)])


def _given(root: Path) -> list[Path]:
    """What lessons give to students and judge alike: the kit, quizzes, protocols, the sums of the data."""
    data = root / "data"
    found = [*(root / "lessons" / "kit").rglob("*.py"), *data.glob("*.py"), *data.glob("*/*.toml")]
    return [*found, data / "fashion-mnist" / "SHA256SUMS"]


def _hash(root: Path, paths: Iterable[Path]) -> str:
    digest = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    for path in sorted(paths):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root).as_posix()}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
