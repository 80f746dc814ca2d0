"""The files below a folder of submissions: regular ones only, never through a link, never deeper than anyone works."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

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


def walk(path: Path, name: PurePosixPath, depth: int = 0) -> Iterator[tuple[PurePosixPath, Path, str]]:
    """The regular files at and below ``path``; for any other thing its name and the flag that says why not."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISREG(mode):
            yield name, path, ""
        elif stat.S_ISDIR(mode) and depth < MAX_DEPTH:
            for entry in entries_in(path):
                yield from walk(entry, name / entry.name, depth + 1)
        else:
            yield name, path, _problem(mode)
    except (OSError, LmsError):
        yield name, path, NO_ACCESS


def _problem(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return LINK_REFUSED
    return TOO_MANY_FILES if stat.S_ISDIR(mode) else SPECIAL_FILE
