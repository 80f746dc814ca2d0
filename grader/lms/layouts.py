"""The submissions in a folder, as its names tell: Moodle's, Canvas's, Gradescope's, or a plain one for each student."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container
from pathlib import Path

from grader.language import visible
from grader.lms.flags import LATE, UNCLEAR_OWNER
from grader.lms.gradescope_people import GRADESCOPE, submitters
from grader.lms.handed import Handed, Place, handed_in
from grader.lms.names import CANVAS, METADATA, MOODLE, RESUBMITTED, canvas_owner, require_no_class

SOURCES = (".ipynb", ".py", ".zip")


def submissions_in(root: Path, entries: list[Path]) -> list[Handed]:
    """What ``entries`` of the folder ``root`` are: an LMS's by their names, the rest a student's each."""
    gradescope, moodle, canvas = _gradescope(root, entries), _moodle(entries), _canvas(entries)
    rest = [entry for entry in entries if entry.name not in (METADATA, *gradescope) and not _is_packed(entry, canvas)]
    packed = [*gradescope.values(), *moodle, *canvas.values()]
    return [*packed, *_plain(root, rest, alone=not packed)]


def _is_packed(entry: Path, canvas: Container[str]) -> bool:
    """Whether its name is Moodle's, or one of those that Canvas gives the files of its students."""
    match = CANVAS.fullmatch(entry.name)
    return MOODLE.fullmatch(entry.name) is not None or (match is not None and canvas_owner(match) in canvas)


def _moodle(entries: list[Path]) -> list[Handed]:
    places: dict[tuple[str, str, bool], list[Place]] = {}
    for entry in entries:
        if match := MOODLE.fullmatch(entry.name):
            is_file = entry.is_file()
            name = (match["file"] or match["plugin"]) if is_file else ""
            is_unclear = is_file and MOODLE.fullmatch(match["name"]) is not None
            places.setdefault((match["name"], match["id"], is_unclear), []).append((entry, name))
    return [_of_moodle(*owner, found) for owner, found in places.items()]


def _of_moodle(name: str, identity: str, is_unclear: bool, found: list[Place]) -> Handed:
    """What one participant handed in. Whose it is is unclear where a file's name begins as two participants' do."""
    number, flags = ("", [UNCLEAR_OWNER]) if is_unclear else (identity, [])
    return handed_in(f"{name}_{identity}", name, "moodle", number, found, flags)


def _canvas(entries: list[Path]) -> dict[str, Handed]:
    matches = [(entry, match) for entry in entries if (match := CANVAS.fullmatch(entry.name))]
    attachments = Counter(match["attachment"] for _, match in matches if match["attachment"])
    owned: dict[str, list[tuple[Path, re.Match[str]]]] = {}
    for entry, match in matches:
        if attachments[match["attachment"]] <= 1:  # Canvas never gives a number twice: others only look like its names
            owned.setdefault(canvas_owner(match), []).append((entry, match))
    return {owner: _of_canvas(owner, found) for owner, found in owned.items()}


def _of_canvas(owner: str, found: list[tuple[Path, re.Match[str]]]) -> Handed:
    first = found[0][1]
    return handed_in(
        raw=owner,
        student=first["name"] or first["anonymous"],
        lms="canvas",
        lms_id=first["id"] or "",
        places=[(entry, RESUBMITTED.sub("", match["file"] or f"{match['text']}.html")) for entry, match in found],
        flags=[LATE] if any(match["late"] or match["anonymous_late"] for _, match in found) else [],
    )


def _gradescope(root: Path, entries: list[Path]) -> dict[str, Handed]:
    found = [entry for entry in entries if GRADESCOPE.fullmatch(entry.name) and entry.is_dir()]
    people = submitters(root / METADATA) if found else {}
    return {entry.name: _of_gradescope(entry, people.get(entry.name, [])) for entry in found}


def _of_gradescope(folder: Path, group: list[dict[str, str]]) -> Handed:
    names = ", ".join(each["name"] for each in group if each.get("name"))
    identity = next((each[name] for name in ("email", "sid") for each in group if each.get(name)), "")
    return handed_in(folder.name, names or folder.name, "gradescope", visible.line(identity), [(folder, "")])


def _plain(root: Path, entries: list[Path], alone: bool) -> list[Handed]:
    sources = [entry for entry in entries if entry.suffix.lower() in SOURCES]
    folders = [entry for entry in entries if entry.is_dir() or entry.is_symlink()]
    if alone and len(sources) == 1 and not folders:
        require_no_class(sources[0])
        return [single(root)]
    return [single(entry) for entry in dict.fromkeys(folders + sources)]


def single(path: Path) -> Handed:
    """A file or a folder as one student's."""
    is_file = path.is_file()
    student, name = (path.stem, path.name) if is_file else (path.name, "")
    return handed_in(path.name, student, "plain", "", [(path, name)])
