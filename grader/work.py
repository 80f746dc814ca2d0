"""The files of one student for one lesson, chosen among what was handed in; not yet parsed."""

from __future__ import annotations

import hashlib
import zipfile
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from grader.entries import SUFFIXES, Entry, SubmissionError
from grader.lesson import Lesson, all_lessons
from grader.messages import T, Text, clean

MAX_SOURCE_BYTES = 20 * 2**20
MAX_ARTIFACT_BYTES = 64 * 2**20


class Work(msgspec.Struct, frozen=True):
    """The files of one student for one lesson, as bytes: what travels to where they are graded."""

    lesson: str
    name: str
    source: bytes
    artifact: bytes | None = None
    artifact_problem: Literal["", "too large", "unreadable"] = ""

    @property
    def content_hash(self) -> str:
        """The same for the same work, whatever its name."""
        parts = (self.lesson.encode(), self.name[-4:].encode(), self.source, self.artifact or b"")
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def read_work(path: Path, entries: list[Entry], lesson: Lesson | None = None) -> list[Work]:
    """The works among these files, not yet parsed; ``path`` is what messages call the place. Raises SubmissionError."""
    return [work_of(each, source, entries) for each, source in choose(path, entries, lesson)]


def lessons_in(entries: list[Entry]) -> list[Lesson]:
    """The lessons that the files are named after."""
    stems = [PurePosixPath(entry.name).stem for entry in _sources(entries)]
    return [each for each in all_lessons() if any(map(each.is_named_by, stems))]


def choose(path: Path, entries: list[Entry], lesson: Lesson | None) -> list[tuple[Lesson, Entry]]:
    """The lessons, or only ``lesson``, with the file of each. Raises SubmissionError when there is none."""
    lessons = [lesson] if lesson else all_lessons()
    found = [(each, _source_of(each, entries)) for each in lessons]
    pairs = [(each, entry) for each, entry in found if entry is not None]
    if not pairs and len(lessons) == 1 and len(sources := _sources(entries)) == 1 and not lessons_in(entries):
        pairs = [(lessons[0], sources[0])]
    if not pairs:
        raise SubmissionError(_nothing_found(path, lessons, _sources(entries)))
    return pairs


def work_of(lesson: Lesson, source: Entry, entries: list[Entry]) -> Work:
    """The lesson's files as bytes. Raises SubmissionError when they are too large."""
    if source.size > MAX_SOURCE_BYTES:
        raise SubmissionError(_too_large(source))
    content, problem = _artifact(lesson, entries)
    return Work(lesson.key, source.name, source.content(), content, problem)


def _artifact(lesson: Lesson, entries: list[Entry]) -> tuple[bytes | None, Literal["", "too large", "unreadable"]]:
    """The homework's bytes if there are any, and why not if there should be. The rest of the work goes without."""
    if not lesson.has_homework:
        return None, ""
    artifact = next((entry for entry in entries if PurePosixPath(entry.name).name == lesson.artifact_name), None)
    if artifact is None:
        return None, ""
    if artifact.size > MAX_ARTIFACT_BYTES:
        return None, "too large"
    try:
        return artifact.content(), ""
    except SubmissionError:
        return None, "unreadable"


def _sources(entries: list[Entry]) -> list[Entry]:
    return [entry for entry in entries if entry.name.endswith(SUFFIXES)]


def _source_of(lesson: Lesson, entries: list[Entry]) -> Entry | None:
    """The lesson's notebook or Python file: by its exact name first, then by the number in it; notebooks win."""
    sources = _sources(entries)
    exact = [entry for entry in sources if PurePosixPath(entry.name).stem == lesson.key]
    candidates = exact or [entry for entry in sources if lesson.is_named_by(PurePosixPath(entry.name).stem)]
    notebooks = [entry for entry in candidates if entry.name.endswith(".ipynb")]
    best = notebooks or candidates
    if len(best) > 1:
        names = ", ".join(clean(entry.name, 60) for entry in best[:5])
        raise SubmissionError(
            T(
                "There are {count} files for lesson {lesson}: {names}. Keep one, or name the one to grade.",
                count=len(best),
                lesson=lesson.number,
                names=names,
            )
        )
    return best[0] if best else None


def _nothing_found(path: Path, lessons: list[Lesson], sources: list[Entry]) -> Text:
    wanted = ", ".join(f"{lesson.key}.ipynb" for lesson in lessons)
    if path.suffix.lower() == ".zip" and not sources and _holds_zip(path):
        return T(
            "{path} holds another zip. Unpack it and pack the notebook {wanted} directly.", path=path, wanted=wanted
        )
    if sources:
        names = ", ".join(clean(entry.name, 60) for entry in sources[:5])
        return T(
            "{path} has no file for the lesson: expected {wanted}, found {names}. Rename it, or give "
            "that file with --submission and its lesson with --lesson.",
            path=path,
            wanted=wanted,
            names=names,
        )
    return T(
        "{path} holds no notebook: expected {wanted}. Give the right place with --submission.", path=path, wanted=wanted
    )


def _holds_zip(path: Path) -> bool:
    with zipfile.ZipFile(path) as archive:
        return any(name.lower().endswith(".zip") for name in archive.namelist())


def _too_large(entry: Entry) -> Text:
    return T(
        "{name} has {size} MB; at most {limit} MB are read. Clear the outputs of all cells, save and try again.",
        name=clean(entry.name),
        size=f"{entry.size / 2**20:.0f}",
        limit=MAX_SOURCE_BYTES // 2**20,
    )
