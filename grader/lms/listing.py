"""The files below a folder of submissions: regular ones only, never through a link, never deeper than anyone works."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

from grader.handed_file import File
from grader.language import visible
from grader.language.messages import T, Told
from grader.language.reasons import reason_of
from grader.lms.flags import LINK_REFUSED, NO_ACCESS, SPECIAL_FILE, TOO_MANY_FILES

MAX_DEPTH = 8
SKIPPED = ("__MACOSX", "__pycache__", "Thumbs.db", "desktop.ini", "node_modules")


class LmsError(Told):
    """The folder holds no submissions; ``text`` says what was found and what to do."""


def entries_in(folder: Path) -> list[Path]:
    """What a folder shows, by name, without the litter of operating systems and editors. Raises LmsError."""
    try:
        return sorted(
            entry for entry in folder.iterdir() if not entry.name.startswith(".") and entry.name not in SKIPPED
        )
    except OSError as error:
        text = T("{path} cannot be read: {reason}.", path=visible.line(str(folder)), reason=reason_of(error))
        raise LmsError(text) from error


def walk(path: Path, name: PurePosixPath, depth: int = 0) -> Iterator[File | str]:
    """The regular files at and below ``path``, which is called ``name``; for any other thing the flag of why not."""
    try:
        status = path.lstat()
        if stat.S_ISREG(status.st_mode):
            yield File(str(name), status.st_size, path.read_bytes, path)
        elif stat.S_ISDIR(status.st_mode) and depth < MAX_DEPTH:
            for entry in entries_in(path):
                yield from walk(entry, name / entry.name, depth + 1)
        else:
            yield _problem(status.st_mode)
    except (OSError, LmsError):
        yield NO_ACCESS


def _problem(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return LINK_REFUSED
    return TOO_MANY_FILES if stat.S_ISDIR(mode) else SPECIAL_FILE
