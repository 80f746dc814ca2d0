"""What a batch has finished, on disk: SQLite with a write-ahead log, so that a kill at any moment loses nothing.

A result is kept under the hash of the work and the hash of everything else that decides a grade: the rooms of
grader.deciding, the kit, the data, the library versions, the seed, the options. Change any of them and the work is
graded anew; change a page or a gradebook and it is not. A result that the grader itself spoiled in part is kept to be
shown, and graded anew as well.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from grader.batch.outcome import WorkOutcome
from grader.deciding import deciding_hash
from grader.faults import GraderFault
from grader.language import visible
from grader.language.messages import T
from grader.language.reasons import FORBIDDEN, FULL
from grader.lesson import ROOT

if sys.platform != "win32":
    import fcntl

VERSION = 0
LOCK = "journal.lock"
DAMAGED = (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_ERROR)  # the last: other tables, other JSON
REASONS = {sqlite3.SQLITE_FULL: FULL, sqlite3.SQLITE_READONLY: FORBIDDEN}
TABLES = """
CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS outcomes (
    content TEXT NOT NULL, grading TEXT NOT NULL, outcome BLOB NOT NULL, PRIMARY KEY (content, grading)
) WITHOUT ROWID;
"""


class Journal:
    """The finished work of one batch. Close it, or use it in a ``with`` statement.

    Every method raises GraderFault, with a sentence, when the file cannot be used; it is then left as it is.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._explained():
            self._database = sqlite3.connect(path, isolation_level=None, timeout=60)
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Journal:
        return self

    def __exit__(self, *_: object) -> None:
        self._database.close()

    def setting(self, name: str, default: str) -> str:
        """The value kept under ``name``; ``default`` is kept if there is none."""
        with self._explained():
            self._database.execute("INSERT OR IGNORE INTO settings VALUES (?, ?)", (name, default))
            row = self._database.execute("SELECT value FROM settings WHERE name = ?", (name,)).fetchone()
        return str(row[0])

    def number(self, name: str, default: int) -> int:
        """As ``setting``, of a number that is not negative."""
        value = self.setting(name, str(default))
        if not (value.isascii() and value.isdigit()):
            raise _unusable(self._path, f"{name}: {visible.block(value, 40)}")
        return int(value)

    def put(self, content: str, grading: str, outcome: WorkOutcome) -> None:
        """Keep an outcome; once this returns, it survives a kill and a power cut."""
        row = (content, grading, msgspec.json.encode(outcome))
        with self._explained():
            self._database.execute("INSERT OR REPLACE INTO outcomes VALUES (?, ?, ?)", row)

    def get(self, content: str, grading: str) -> WorkOutcome | None:
        """The outcome kept for this work under these conditions."""
        query = "SELECT outcome FROM outcomes WHERE content = ? AND grading = ?"
        with self._explained():
            row = self._database.execute(query, (content, grading)).fetchone()
            return None if row is None else msgspec.json.decode(row[0], type=WorkOutcome)

    def finished(self, grading: str) -> set[str]:
        """The works that are finished under these conditions, with nothing that the grader itself spoiled."""
        query = (
            "SELECT content FROM outcomes WHERE grading = ? "
            "AND COALESCE(json_extract(CAST(outcome AS TEXT), '$.results.pending_points'), 0) = 0"
        )
        with self._explained():
            return {content for (content,) in self._database.execute(query, (grading,))}

    def _prepare(self) -> None:
        with self._explained():
            (version,) = self._database.execute("PRAGMA user_version").fetchone()
            if version != VERSION:
                raise _unusable(self._path, f"version {version}")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = FULL")
            self._database.executescript(TABLES)

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, msgspec.MsgspecError) as error:
            code = getattr(error, "sqlite_errorcode", 0)
            if isinstance(error, sqlite3.Error) and code not in DAMAGED:
                reason = REASONS.get(code, error)
                raise GraderFault(T("{path} cannot be used: {reason}.", path=self._path, reason=reason)) from error
            raise _unusable(self._path, str(error)) from error


def _unusable(path: Path, reason: str) -> GraderFault:
    return GraderFault(
        T(
            "{path} is damaged or was written by another version ({reason}). Nothing was changed. Give another --out, "
            "or --fresh to forget it and grade everything anew.",
            path=path,
            reason=reason,
        )
    )


@contextmanager
def open_journal(out: Path, fresh: bool) -> Iterator[Journal]:
    """The journal of an output folder, empty if ``fresh``. One batch at a time may have it open.

    Raises:
        GraderFault: another batch is at work there, or the journal cannot be used.

    """
    path = out / "journal.sqlite"
    with _alone(out):
        if fresh:
            for suffix in ("", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        with Journal(path) as journal:
            yield journal


@contextmanager
def _alone(out: Path) -> Iterator[None]:
    """Hold the folder's lock, which the kernel takes back however this process ends."""
    descriptor = os.open(out / LOCK, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(descriptor, out)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, out: Path) -> None:
    if sys.platform == "win32":  # student code cannot be isolated there, so that there is no batch either
        return
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        raise GraderFault(
            T("Another batch is at work in {path}. Wait until it has finished, or give another --out.", path=out)
        ) from error


def grading_hash(*options: str) -> str:
    """A hash of all that decides a grade beside the work itself."""
    return hashlib.sha256("\n".join((deciding_hash(ROOT), *options)).encode()).hexdigest()
