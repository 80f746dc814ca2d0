"""Whose work is what in a folder of submissions, as Moodle, Canvas or Gradescope pack it; nothing is opened or run.

Recognized by name, the folder itself or the one folder in it::

    Moodle      Ana Pérez_1234567_assignsubmission_file_/…        or the same as a prefix of single files
    Canvas      perezana_[LATE_]12345_67890_108_initialization.ipynb, a student's files belong together
    Gradescope  submission_123456789/… with submission_metadata.yml beside them
    otherwise   a folder, notebook, .py or .zip for each student
"""

from __future__ import annotations

import re
import zipfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath

from grader.listing import LmsError, visible, walk
from grader.messages import T
from grader.record import LATE, TOO_MANY_FILES, Lms, digest, shown, slug
from grader.submitters import GRADESCOPE, submitters

MAX_FILES = 2_000
SOURCES = (".ipynb", ".py", ".zip")
METADATA = "submission_metadata.yml"

MOODLE = re.compile(r"(?P<name>.+?)_(?P<id>\d+)_assignsubmission_(?P<plugin>[a-z]+)(?:_(?P<file>.*))?", re.DOTALL)
CANVAS = re.compile(
    r"(?:(?:(?P<anonymous_late>LATE)_)?(?P<anonymous>anon_[A-Za-z0-9]{5})|(?P<name>\w+?)_(?:(?P<late>LATE)_)?(?P<id>\d{4,}))"
    r"_(?:(?P<attachment>\d{5,})_(?P<file>.+)|(?P<text>text|link)\.html)",
    re.DOTALL,
)
RESUBMITTED = re.compile(r"-\d{1,2}(?=\.\w+$)")  # of a second attempt: 108_homework-1.npz, but not homework-108.npz


@dataclass(frozen=True)
class File:
    """A regular file that a student handed in; ``name`` is the student's own name for it."""

    name: str
    path: Path


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


@dataclass
class _Draft:
    """A submission while its files are collected."""

    raw: str
    student: str
    lms: Lms
    lms_id: str
    path: Path
    files: list[File] = field(default_factory=list)
    flags: set[str] = field(default_factory=set)

    def take(self, path: Path, name: str) -> None:
        """Add a file or all files of a folder."""
        for relative, found, problem in walk(path, PurePosixPath(name)):
            if len(self.files) >= MAX_FILES:
                self.flags.add(TOO_MANY_FILES)
                return
            if problem:
                self.flags.add(problem)
            else:
                self.files.append(File(str(relative), found))


def discover(folder: Path) -> list[Handed]:
    """The submissions in ``folder``, by name; also of a single notebook, Python file or student's zip.

    Raises:
        LmsError: there are none, or there is an LMS's zip, which has to be unpacked first (grader.unpack does that).

    """
    if not folder.exists():
        raise LmsError(T("{path} does not exist. Give the folder with the submissions.", path=shown(str(folder))))
    if folder.is_file():
        _require_no_class(folder)
        return [_finished(_single(folder))] if folder.suffix.lower() in SOURCES else _nothing(folder)
    root = _inner(folder.resolve())
    drafts = _drafts(root, visible(root))
    if not drafts:
        return _nothing(folder)
    return _distinct([_finished(draft) for draft in drafts])


def is_download(path: Path) -> bool:
    """Whether a zip is what an LMS packed for a whole class, going by the names in it."""
    if path.suffix.lower() != ".zip" or path.is_symlink() or not path.is_file():
        return False
    try:
        with zipfile.ZipFile(path) as archive:
            return any(_is_lms_name(part) for name in archive.namelist() for part in PurePosixPath(name).parts[:2])
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        return False


# --- the four layouts -------------------------------------------------------------------------------------------


def _drafts(root: Path, entries: list[Path]) -> list[_Draft]:
    drafts = _gradescope(root, entries) + _moodle(entries) + _canvas(entries)
    taken = {draft.raw for draft in drafts}
    rest = [entry for entry in entries if entry.name != METADATA and not _claimed(entry.name, taken)]
    return drafts + _plain(root, rest, alone=not drafts)


def _claimed(name: str, taken: set[str]) -> bool:
    if name in taken or MOODLE.fullmatch(name):
        return True
    match = CANVAS.fullmatch(name)
    return match is not None and _canvas_owner(match) in taken


def _moodle(entries: list[Path]) -> list[_Draft]:
    drafts: dict[tuple[str, str], _Draft] = {}
    for entry in entries:
        if match := MOODLE.fullmatch(entry.name):
            owner = (match["name"], match["id"])
            draft = drafts.setdefault(owner, _Draft("_".join(owner), match["name"], "moodle", match["id"], entry))
            draft.take(entry, (match["file"] or match["plugin"]) if entry.is_file() else "")
    return list(drafts.values())


def _canvas(entries: list[Path]) -> list[_Draft]:
    found = [(entry, match) for entry in entries if (match := CANVAS.fullmatch(entry.name))]
    attachments = Counter(match["attachment"] for _, match in found if match["attachment"])
    drafts: dict[str, _Draft] = {}
    for entry, match in found:
        if attachments[match["attachment"]] > 1:  # Canvas never gives a number twice: these names only look like its
            continue
        owner = _canvas_owner(match)
        identity = match["id"] or ""
        draft = drafts.setdefault(owner, _Draft(owner, match["name"] or match["anonymous"], "canvas", identity, entry))
        draft.take(entry, RESUBMITTED.sub("", match["file"] or f"{match['text']}.html"))
        if match["late"] or match["anonymous_late"]:
            draft.flags.add(LATE)
    return list(drafts.values())


def _canvas_owner(match: re.Match[str]) -> str:
    return f"{match['name']}_{match['id']}" if match["name"] else match["anonymous"]


def _gradescope(root: Path, entries: list[Path]) -> list[_Draft]:
    found = [entry for entry in entries if GRADESCOPE.fullmatch(entry.name) and entry.is_dir()]
    people = submitters(root / METADATA) if found else {}
    drafts = []
    for entry in found:
        group = people.get(entry.name, [])
        names = ", ".join(each["name"] for each in group if each.get("name"))
        identity = next((each[name] for name in ("email", "sid") for each in group if each.get(name)), "")
        draft = _Draft(entry.name, names or entry.name, "gradescope", shown(identity), entry)
        draft.take(entry, "")
        drafts.append(draft)
    return drafts


def _plain(root: Path, entries: list[Path], alone: bool) -> list[_Draft]:
    sources = [entry for entry in entries if entry.suffix.lower() in SOURCES]
    folders = [entry for entry in entries if entry.is_dir() or entry.is_symlink()]
    if alone and len(sources) == 1 and not folders:
        _require_no_class(sources[0])
        return [_single(root)]
    return [_single(entry) for entry in dict.fromkeys(folders + sources)]


def _single(path: Path) -> _Draft:
    is_file = path.is_file()
    draft = _Draft(path.name, path.stem if is_file else path.name, "plain", "", path)
    draft.take(path, path.name if is_file else "")
    return draft


# --- files ------------------------------------------------------------------------------------------------------


def _inner(folder: Path) -> Path:
    """The folder that holds the submissions: an LMS's zip unpacks to one folder around them."""
    entries = visible(folder)
    if len(entries) == 1 and entries[0].is_dir() and not entries[0].is_symlink() and not _is_lms_name(entries[0].name):
        inside = [entry.name for entry in visible(entries[0])]
        if any(_is_lms_name(name) for name in inside):
            return entries[0]
    return folder


def _is_lms_name(name: str) -> bool:
    return name == METADATA or any(each.fullmatch(name) for each in (MOODLE, CANVAS, GRADESCOPE))


# --- names ------------------------------------------------------------------------------------------------------


def _finished(draft: _Draft) -> Handed:
    number = draft.lms_id if draft.lms_id.isascii() and draft.lms_id.isdigit() and len(draft.lms_id) < 20 else ""
    student = shown(draft.student) or shown(draft.raw) or "?"
    return Handed(
        key="-".join(part for part in (slug(student), number or digest(draft.raw)) if part),
        submission=shown(draft.path.name) or "?",
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


# --- sentences --------------------------------------------------------------------------------------------------


def _nothing(path: Path) -> list[Handed]:
    raise LmsError(
        T(
            "{path} holds no submissions: expected a folder, notebook or .zip for each student, or what Moodle, Canvas "
            "or Gradescope download.",
            path=shown(str(path)),
        )
    )


def _require_no_class(path: Path) -> None:
    """Asked of the only file there is: beside other works, a zip is its student's, whatever the names in it."""
    if is_download(path):
        raise LmsError(T("{path} holds the work of a whole class. Give this zip itself.", path=shown(str(path))))
