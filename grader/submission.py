"""A student's work, read as text: a folder, a notebook, a Python file or a zip. Nothing of it is run here."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Literal

import msgspec

from grader.entries import SUFFIXES, Entry, SubmissionError, entries_at
from grader.lesson import Lesson, all_lessons
from grader.messages import T, Text, clean
from grader.notebook import (
    Cell,
    ParsedCell,
    Unreadable,
    cells_of_notebook,
    cells_of_python,
    parse,
    texts_of_notebook,
    texts_of_python,
)
from grader.open_questions import open_answers
from grader.results import OpenAnswer
from grader.slices import Program

MAX_SOURCE_BYTES = 20 * 2**20
MAX_ARTIFACT_BYTES = 64 * 2**20
MAX_CODE_CHARACTERS = 2**20
MAX_CELLS = 2000


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


@dataclass(frozen=True)
class Submission:
    """What a student hands in for one lesson.

    ``problems`` are the cells that cannot be read, ``notices`` what else is to be said.
    ``artifact`` is the homework file beside the notebook, still packed; ``artifact_path`` is where a homework trained
    during the check may be kept, if anywhere.
    """

    name: str
    lesson: Lesson
    program: Program
    problems: tuple[Text, ...] = ()
    notices: tuple[Text, ...] = ()
    artifact: bytes | None = None
    artifact_path: Path | None = None
    open_answers: tuple[OpenAnswer, ...] = ()


def read_submissions(path: Path, lesson: Lesson | None = None) -> list[Submission]:
    """The submissions at ``path``, one for each lesson found there, or only that of ``lesson``.

    Raises:
        SubmissionError: nothing there can be graded.

    """
    entries = entries_at(path)
    return [
        parse_work(_work(each, source, entries), source.path.with_name(each.artifact_name) if source.path else None)
        for each, source in _pairs(path, entries, lesson)
    ]


def read_work(path: Path, entries: list[Entry], lesson: Lesson | None = None) -> list[Work]:
    """The works among these files, not yet parsed; ``path`` is what messages call the place. Raises SubmissionError."""
    return [_work(each, source, entries) for each, source in _pairs(path, entries, lesson)]


def parse_work(work: Work, artifact_path: Path | None = None) -> Submission:
    """The submission in a student's files. Raises SubmissionError when the notebook cannot be read."""
    lesson = Lesson(work.lesson)
    code, texts = _cells(work)
    cells, problems = _parse_all(code)
    return Submission(
        name=clean(work.name),
        lesson=lesson,
        program=Program(tuple(cells)),
        problems=tuple(problems),
        notices=(_artifact_notice(work.artifact_problem),) if work.artifact_problem else (),
        artifact=work.artifact,
        artifact_path=artifact_path if lesson.has_homework else None,
        open_answers=open_answers(lesson.key, texts),
    )


def _pairs(path: Path, entries: list[Entry], lesson: Lesson | None) -> list[tuple[Lesson, Entry]]:
    lessons = [lesson] if lesson else all_lessons()
    found = [(each, _source_of(each, entries)) for each in lessons]
    pairs = [(each, entry) for each, entry in found if entry is not None]
    if not pairs and len(lessons) == 1 and len(sources := _sources(entries)) == 1 and not lessons_in(entries):
        pairs = [(lessons[0], sources[0])]
    if not pairs:
        raise SubmissionError(_nothing_found(path, lessons, _sources(entries)))
    return pairs


def _work(lesson: Lesson, source: Entry, entries: list[Entry]) -> Work:
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


def _cells(work: Work) -> tuple[list[Cell], list[str]]:
    """The code cells, within limits, and the text cells."""
    is_notebook = work.name.endswith(".ipynb")
    try:
        cells = cells_of_notebook(work.source) if is_notebook else cells_of_python(work.source)
        texts = texts_of_notebook(work.source) if is_notebook else texts_of_python(work.source)
    except Unreadable as error:
        raise SubmissionError(
            T("{name} cannot be read: {reason}.", name=clean(work.name), reason=error.text)
        ) from error
    code = sum(len(cell.source) for cell in cells)
    if code > MAX_CODE_CHARACTERS or len(cells) > MAX_CELLS:
        raise SubmissionError(
            T(
                "{name} has {cells} cells with {characters} characters of code; a lesson has far less. Hand in "
                "the lesson's notebook.",
                name=clean(work.name),
                cells=len(cells),
                characters=code,
            )
        )
    return cells, texts


def _parse_all(cells: Iterable[Cell]) -> tuple[list[ParsedCell], list[Text]]:
    parsed, problems = [], []
    for cell in cells:
        try:
            parsed.append(parse(cell))
        except SyntaxError as error:
            line, reason = error.lineno or 0, clean(str(error.msg))
            problems.append(
                T(
                    "code cell {cell}, line {line}, is not valid Python: {reason}",
                    cell=cell.number,
                    line=line,
                    reason=reason,
                )
                if cell.number
                else T("line {line} is not valid Python: {reason}", line=line, reason=reason)
            )
    return parsed, problems


def lessons_in(entries: list[Entry]) -> list[Lesson]:
    """The lessons that the files are named after."""
    stems = [PurePosixPath(entry.name).stem for entry in _sources(entries)]
    return [each for each in all_lessons() if any(map(each.is_named_by, stems))]


# --- choosing the file ------------------------------------------------------------------------------------------


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


# --- sentences --------------------------------------------------------------------------------------------------


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


def _artifact_notice(problem: str) -> Text:
    limit = MAX_ARTIFACT_BYTES // 2**20
    if problem == "unreadable":
        return T("The homework's file cannot be opened. Write it again with kit.save_homework.")
    return T(
        "The homework's file has more than {limit} MB and was not read. Write it again with kit.save_homework.",
        limit=limit,
    )


def _too_large(entry: Entry) -> Text:
    return T(
        "{name} has {size} MB; at most {limit} MB are read. Clear the outputs of all cells, save and try again.",
        name=clean(entry.name),
        size=f"{entry.size / 2**20:.0f}",
        limit=MAX_SOURCE_BYTES // 2**20,
    )
