"""The files of one student for one lesson, chosen among what was handed in; not yet parsed."""

from __future__ import annotations

import hashlib
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from data.homework import ArtifactFile
from grader.handed_file import File, SubmissionError
from grader.language import visible
from grader.language.messages import T, Text
from grader.lesson import Lesson, all_lessons
from grader.limits import ARTIFACT_BYTES, SOURCE_BYTES
from grader.submission.entries import SUFFIXES

ArtifactProblem = Literal["", "too large", "unreadable", "several"]


class NothingFound(SubmissionError):
    """No file there is for the lesson: another place or name may be meant."""


class Work(msgspec.Struct, frozen=True):
    """The files of one student for one lesson, as bytes: what travels to where they are graded."""

    lesson: str
    name: str
    source: bytes
    artifact: bytes | None = None
    artifact_problem: ArtifactProblem = ""

    @property
    def suffix(self) -> str:
        """``.ipynb`` or ``.py``."""
        return PurePosixPath(self.name).suffix.lower()

    @property
    def content_hash(self) -> str:
        """The same for the same work, whatever its name."""
        texts = (self.lesson, self.suffix, self.artifact_problem)
        parts = (*(text.encode() for text in texts), self.source, self.artifact or b"")
        return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def lessons_in(entries: list[File]) -> list[Lesson]:
    """The lessons that the files are named after."""
    stems = [PurePosixPath(entry.name).stem for entry in _sources(entries)]
    return [each for each in all_lessons() if any(map(each.is_named_by, stems))]


def choose(path: Path, entries: list[File], lesson: Lesson | None) -> list[tuple[Lesson, File]]:
    """The lessons, or only ``lesson``, with the file of each; ``path`` is what messages call the place.

    Raises:
        SubmissionError: there is none, or there are several.

    """
    lessons = [lesson] if lesson else all_lessons()
    found = [(each, _source_of(each, entries)) for each in lessons]
    pairs = [(each, entry) for each, entry in found if entry is not None]
    if not pairs and len(lessons) == 1 and len(sources := _sources(entries)) == 1 and not lessons_in(entries):
        pairs = [(lessons[0], sources[0])]
    if not pairs:
        raise NothingFound(_nothing_found(path, lessons, entries))
    return pairs


def files_of(lesson: Lesson, source: File, entries: list[File]) -> tuple[File, ...]:
    """The files of the lesson's work: its source, then what may be the artifact; of several, two say as much as all."""
    candidates = _artifacts(lesson.artifact, source, entries) if lesson.artifact else []
    return (source, *candidates[:2])


def work_of(lesson: Lesson, source: File, entries: list[File]) -> Work:
    """The lesson's files as bytes. Raises SubmissionError when they are too large."""
    if source.size > SOURCE_BYTES:
        raise SubmissionError(_too_large(source))
    content, problem = _artifact(lesson, source, entries)
    return Work(lesson.key, source.name, source.content(), content, problem)


def _artifact(lesson: Lesson, source: File, entries: list[File]) -> tuple[bytes | None, ArtifactProblem]:
    """The artifact's bytes if there are any, and what is wrong with them. The rest of the work goes without."""
    wanted = lesson.artifact
    if wanted is None or not (found := _artifacts(wanted, source, entries)):
        return None, ""
    if len(found) > 1 and not _has_name(found[0], wanted):
        return None, "several"
    if found[0].size > ARTIFACT_BYTES:
        return None, "too large"
    try:
        return found[0].content(), "several" if len(found) > 1 else ""
    except SubmissionError:
        return None, "unreadable"


def _artifacts(wanted: ArtifactFile, source: File, entries: list[File]) -> list[File]:
    """The files that may be the artifact: those of its exact name if any, then those beside the notebook if any."""
    similar = [entry for entry in entries if entry.suffix == wanted.suffix and _name(entry).startswith(wanted.stem)]
    candidates = [entry for entry in similar if _has_name(entry, wanted)] or similar
    folder = PurePosixPath(source.name).parent
    return [entry for entry in candidates if PurePosixPath(entry.name).parent == folder] or candidates


def _has_name(entry: File, wanted: ArtifactFile) -> bool:
    return _name(entry) == wanted.file_name.casefold()


def _name(entry: File) -> str:
    return PurePosixPath(entry.name).name.casefold()


def _sources(entries: list[File]) -> list[File]:
    return [entry for entry in entries if entry.suffix in SUFFIXES]


def _source_of(lesson: Lesson, entries: list[File]) -> File | None:
    """The lesson's notebook or Python file: by its exact name first, then by the number in it; notebooks win."""
    sources = _sources(entries)
    exact = [entry for entry in sources if PurePosixPath(entry.name).stem.casefold() == lesson.key]
    candidates = exact or [entry for entry in sources if lesson.is_named_by(PurePosixPath(entry.name).stem)]
    notebooks = [entry for entry in candidates if entry.suffix == ".ipynb"]
    best = notebooks or candidates
    if len(best) > 1:
        names = ", ".join(visible.block(entry.name, 60) for entry in best[:5])
        raise SubmissionError(
            T(
                "There are {count} files for lesson {lesson}: {names}. Keep one, or name the one to grade.",
                count=len(best),
                lesson=lesson.number,
                names=names,
            )
        )
    return best[0] if best else None


def _nothing_found(path: Path, lessons: list[Lesson], entries: list[File]) -> Text:
    wanted, sources = ", ".join(f"{lesson.key}.ipynb" for lesson in lessons), _sources(entries)
    if not sources and any(entry.suffix == ".zip" and entry.path is None for entry in entries):
        return T(
            "{path} holds another zip. Unpack it and pack the notebook {wanted} directly.", path=path, wanted=wanted
        )
    names = ", ".join(visible.block(entry.name, 60) for entry in (sources or entries)[:5]) or T("nothing")
    if sources:
        return T(
            "{path} has no file for the lesson: expected {wanted}, found {names}. Rename it.",
            path=path,
            wanted=wanted,
            names=names,
        )
    return T("{path} holds no notebook: expected {wanted}, found {names}.", path=path, wanted=wanted, names=names)


def _too_large(entry: File) -> Text:
    return T(
        "{name} has {size} MB; at most {limit} MB are read. Clear the outputs of all cells, save and try again.",
        name=visible.block(entry.name),
        size=f"{entry.size / 2**20:.0f}",
        limit=SOURCE_BYTES // 2**20,
    )
