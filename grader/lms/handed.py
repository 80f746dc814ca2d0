"""One student's submission in a download: who it is for people and for file names, and its files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from grader.handed_file import File
from grader.language import visible
from grader.lms.flags import TOO_MANY_FILES, Lms
from grader.lms.listing import walk
from grader.names import digest, slug

MAX_FILES = 2_000

Place = tuple[Path, str]  # a file or a folder, and the student's own name for it


@dataclass(frozen=True)
class Handed:
    """What one student handed in. ``submission`` and ``student`` are made for display; ``key`` for file names."""

    key: str
    submission: str
    student: str
    lms: Lms
    lms_id: str
    path: Path
    files: tuple[File, ...]
    flags: tuple[str, ...] = ()


def handed_in(
    raw: str, student: str, lms: Lms, lms_id: str, places: Sequence[Place], flags: Iterable[str] = ()
) -> Handed:
    """The submission whose files lie in one place or several.

    Args:
        raw: what tells it from the others of its folder.
        student: who handed it in, as the LMS writes it.
        lms: the LMS that packed it.
        lms_id: the LMS's number or address of the student, if it has any.
        places: at least one; the first gives the submission its name.
        flags: what is known of it beside its files.

    """
    files, problems = _files(places)
    number = lms_id if lms_id.isascii() and lms_id.isdigit() and len(lms_id) < 20 else ""
    shown = visible.line(student) or visible.line(raw) or "?"
    return Handed(
        key="-".join(part for part in (slug(shown), number or digest(raw)) if part),
        submission=visible.line(places[0][0].name) or "?",
        student=shown,
        lms=lms,
        lms_id=lms_id,
        path=places[0][0],
        files=tuple(files),
        flags=tuple(sorted(problems.union(flags))),
    )


def _files(places: Iterable[Place]) -> tuple[list[File], set[str]]:
    """The regular files in these places, and the flags of what else there is."""
    files: list[File] = []
    flags: set[str] = set()
    for found in (each for path, name in places for each in walk(path, PurePosixPath(name))):
        if len(files) >= MAX_FILES:
            return files, flags | {TOO_MANY_FILES}
        if isinstance(found, File):
            files.append(found)
        else:
            flags.add(found)
    return files, flags
