"""The submissions in a folder, as its names tell: Moodle's, Canvas's, Gradescope's, or a plain one for each student."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from grader.language import visible
from grader.lms.flags import LATE, TOO_MANY_FILES, Lms
from grader.lms.gradescope_people import GRADESCOPE, submitters
from grader.lms.listing import walk
from grader.lms.names import CANVAS, METADATA, MOODLE, RESUBMITTED, canvas_owner, require_no_class

MAX_FILES = 2_000
SOURCES = (".ipynb", ".py", ".zip")


@dataclass(frozen=True)
class File:
    """A regular file that a student handed in; ``name`` is the student's own name for it."""

    name: str
    path: Path


@dataclass
class Draft:
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


def drafts_in(root: Path, entries: list[Path]) -> list[Draft]:
    """What ``entries`` of the folder ``root`` are: an LMS's by their names, the rest a student's each."""
    drafts = _gradescope(root, entries) + _moodle(entries) + _canvas(entries)
    taken = {draft.raw for draft in drafts}
    rest = [entry for entry in entries if entry.name != METADATA and not _claimed(entry.name, taken)]
    return drafts + _plain(root, rest, alone=not drafts)


def _claimed(name: str, taken: set[str]) -> bool:
    if name in taken or MOODLE.fullmatch(name):
        return True
    match = CANVAS.fullmatch(name)
    return match is not None and canvas_owner(match) in taken


def _moodle(entries: list[Path]) -> list[Draft]:
    drafts: dict[tuple[str, str], Draft] = {}
    for entry in entries:
        if match := MOODLE.fullmatch(entry.name):
            owner = (match["name"], match["id"])
            draft = drafts.setdefault(owner, Draft("_".join(owner), match["name"], "moodle", match["id"], entry))
            draft.take(entry, (match["file"] or match["plugin"]) if entry.is_file() else "")
    return list(drafts.values())


def _canvas(entries: list[Path]) -> list[Draft]:
    found = [(entry, match) for entry in entries if (match := CANVAS.fullmatch(entry.name))]
    attachments = Counter(match["attachment"] for _, match in found if match["attachment"])
    drafts: dict[str, Draft] = {}
    for entry, match in found:
        if attachments[match["attachment"]] > 1:  # Canvas never gives a number twice: these names only look like its
            continue
        owner = canvas_owner(match)
        identity = match["id"] or ""
        draft = drafts.setdefault(owner, Draft(owner, match["name"] or match["anonymous"], "canvas", identity, entry))
        draft.take(entry, RESUBMITTED.sub("", match["file"] or f"{match['text']}.html"))
        if match["late"] or match["anonymous_late"]:
            draft.flags.add(LATE)
    return list(drafts.values())


def _gradescope(root: Path, entries: list[Path]) -> list[Draft]:
    found = [entry for entry in entries if GRADESCOPE.fullmatch(entry.name) and entry.is_dir()]
    people = submitters(root / METADATA) if found else {}
    drafts = []
    for entry in found:
        group = people.get(entry.name, [])
        names = ", ".join(each["name"] for each in group if each.get("name"))
        identity = next((each[name] for name in ("email", "sid") for each in group if each.get(name)), "")
        draft = Draft(entry.name, names or entry.name, "gradescope", visible.line(identity), entry)
        draft.take(entry, "")
        drafts.append(draft)
    return drafts


def _plain(root: Path, entries: list[Path], alone: bool) -> list[Draft]:
    sources = [entry for entry in entries if entry.suffix.lower() in SOURCES]
    folders = [entry for entry in entries if entry.is_dir() or entry.is_symlink()]
    if alone and len(sources) == 1 and not folders:
        require_no_class(sources[0])
        return [single(root)]
    return [single(entry) for entry in dict.fromkeys(folders + sources)]


def single(path: Path) -> Draft:
    """A file or a folder as one student's."""
    is_file = path.is_file()
    draft = Draft(path.name, path.stem if is_file else path.name, "plain", "", path)
    draft.take(path, path.name if is_file else "")
    return draft
