"""What a batch has finished, on disk: SQLite with a write-ahead log, so that a kill at any moment loses nothing.

A result is kept under the hash of the work and the hash of everything else that decides a grade: the grader's code, the
kit, the data, the library versions, the seed, the options. Change any of them and the work is graded anew.
"""

from __future__ import annotations

import hashlib
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from importlib import metadata
from pathlib import Path

import msgspec

from grader.lesson import ROOT
from grader.results import Results

LIBRARIES = ("keras", "msgspec", "numpy", "tensorflow")
TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outcomes (
    content TEXT NOT NULL, grading TEXT NOT NULL, outcome BLOB NOT NULL, PRIMARY KEY (content, grading)
) WITHOUT ROWID;
"""


class Outcome(msgspec.Struct, frozen=True):
    """What grading a work gave: results, or the reason why there are none."""

    results: Results | None
    message: str = ""
    layers: list[str] = []
    cpu_seconds: float = 0.0


class Journal:
    """The finished work of one batch. Close it, or use it in a ``with`` statement."""

    def __init__(self, path: Path) -> None:
        self._database = sqlite3.connect(path, isolation_level=None, timeout=60)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = FULL")
        self._database.executescript(TABLES)

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def setting(self, name: str, default: str) -> str:
        """The value kept under ``name``; ``default`` is kept if there is none."""
        self._database.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", (name, default))
        row = self._database.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def put(self, content: str, grading: str, outcome: Outcome) -> None:
        """Keep an outcome; once this returns, it survives a kill and a power cut."""
        row = (content, grading, msgspec.json.encode(outcome))
        self._database.execute("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?)", row)

    def get(self, content: str, grading: str) -> Outcome | None:
        """The outcome kept for this work under these conditions."""
        query = "SELECT outcome FROM outcomes WHERE content = ? AND grading = ?"
        row = self._database.execute(query, (content, grading)).fetchone()
        return None if row is None else msgspec.json.decode(row[0], type=Outcome)

    def has(self, content: str, grading: str) -> bool:
        """Whether this work is finished under these conditions."""
        query = "SELECT 1 FROM outcomes WHERE content = ? AND grading = ?"
        return self._database.execute(query, (content, grading)).fetchone() is not None


@contextmanager
def open_journal(out: Path, fresh: bool) -> Iterator[Journal]:
    """The journal of an output folder, empty if ``fresh``."""
    path = out / "journal.sqlite"
    if fresh:
        for suffix in ("", "-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    with Journal(path) as journal:
        yield journal


def grading_hash(*options: str) -> str:
    """A hash of all that decides a grade beside the work itself."""
    return hashlib.sha256("\n".join((code_hash(), *options)).encode()).hexdigest()


@cache
def code_hash() -> str:
    """A hash of the grader, the kit, the data's sums, and the versions of the libraries that compute."""
    digest = hashlib.sha256(sys.version.encode())
    for name in LIBRARIES:
        digest.update(f"{name} {metadata.version(name)}\n".encode())
    sources = [
        *(ROOT / "grader").rglob("*.py"),
        *(ROOT / "lessons" / "kit").rglob("*.py"),
        *(ROOT / "grader").rglob("*.mo"),
    ]
    for path in sorted([*sources, ROOT / "data" / "fashion-mnist" / "SHA256SUMS"]):
        digest.update(path.relative_to(ROOT).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
