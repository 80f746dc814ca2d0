"""Whose work is what in a folder of submissions, as Moodle, Canvas or Gradescope pack it; nothing is opened or run.

Recognized by name, the folder itself or the one folder in it::

    Moodle      Ana Pérez_1234567_assignsubmission_file_/…        or the same as a prefix of single files
    Canvas      perezana_[LATE_]12345_67890_108_initialization.ipynb, a student's files belong together
    Gradescope  submission_123456789/… with submission_metadata.yml beside them
    otherwise   a folder, notebook, .py or .zip for each student
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from pathlib import Path

from grader.language import visible
from grader.language.messages import T
from grader.lms.flags import Lms
from grader.lms.layouts import SOURCES, Draft, File, drafts_in, single
from grader.lms.listing import LmsError, entries_in
from grader.lms.names import is_lms_name, require_no_class
from grader.names import digest, slug


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


def discover(folder: Path) -> list[Handed]:
    """The submissions in ``folder``, by name; also of a single notebook, Python file or student's zip.

    Raises:
        LmsError: there are none, or there is an LMS's zip, which has to be unpacked first (lms.unpacking does that).

    """
    if not folder.exists():
        raise LmsError(
            T("{path} does not exist. Give the folder with the submissions.", path=visible.line(str(folder)))
        )
    if folder.is_file():
        require_no_class(folder)
        return [_finished(single(folder))] if folder.suffix.lower() in SOURCES else _nothing(folder)
    root = _inner(folder.resolve())
    drafts = drafts_in(root, entries_in(root))
    if not drafts:
        return _nothing(folder)
    return _distinct([_finished(draft) for draft in drafts])


def _inner(folder: Path) -> Path:
    """The folder that holds the submissions: an LMS's zip unpacks to one folder around them."""
    entries = entries_in(folder)
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink() and not is_lms_name(entries[0].name):
        inside = [entry.name for entry in entries_in(entries[0])]
        if any(is_lms_name(name) for name in inside):
            return entries[0]
    return folder


def _finished(draft: Draft) -> Handed:
    number = draft.lms_id if draft.lms_id.isascii() and draft.lms_id.isdigit() and len(draft.lms_id) < 20 else ""
    student = visible.line(draft.student) or visible.line(draft.raw) or "?"
    return Handed(
        key="-".join(part for part in (slug(student), number or digest(draft.raw)) if part),
        submission=visible.line(draft.path.name) or "?",
        student=student,
        lms=draft.lms,
        lms_id=draft.lms_id,
        path=draft.path,
        files=tuple(draft.files),
        flags=tuple(sorted(draft.flags)),
    )


def _distinct(handed: list[Handed]) -> list[Handed]:
    """The same, by student's name, with a number after a key that occurs again."""
    seen: Counter[str] = Counter()
    distinct = []
    for each in sorted(handed, key=lambda each: (each.student.casefold(), each.key, str(each.path))):
        seen[each.key] += 1
        distinct.append(replace(each, key=f"{each.key}-{seen[each.key]}") if seen[each.key] > 1 else each)
    return distinct


def _nothing(path: Path) -> list[Handed]:
    raise LmsError(
        T(
            "{path} holds no submissions: expected a folder, notebook or .zip for each student, or what Moodle, Canvas "
            "or Gradescope download.",
            path=visible.line(str(path)),
        )
    )
