"""Whose work is what in a folder of submissions, as Moodle, Canvas or Gradescope pack it; nothing is opened or run.

Recognized by name, the folder itself or the one folder in it::

    Moodle      Ana Pérez_1234567_assignsubmission_file_/…        or the same as a prefix of single files
    Canvas      perezana_[LATE_]12345_67890_108_initialization.ipynb, a student's files belong together
    Gradescope  submission_123456789/… with submission_metadata.yml beside them
    otherwise   a folder, notebook, .py or .zip for each student
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path

from grader.language import visible
from grader.language.messages import T
from grader.lms.handed import Handed
from grader.lms.layouts import SOURCES, single, submissions_in
from grader.lms.listing import LmsError, entries_in
from grader.lms.names import is_lms_name, require_no_class


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
        return [single(folder)] if folder.suffix.lower() in SOURCES else _nothing(folder)
    root = _inner(folder.resolve())
    return _distinct(submissions_in(root, entries_in(root))) or _nothing(folder)


def _inner(folder: Path) -> Path:
    """The folder that holds the submissions: an LMS's zip unpacks to one folder around them."""
    entries = entries_in(folder)
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink() and not is_lms_name(entries[0].name):
        inside = [entry.name for entry in entries_in(entries[0])]
        if any(is_lms_name(name) for name in inside):
            return entries[0]
    return folder


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
