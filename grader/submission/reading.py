"""A student's work, read as text: a folder, a notebook, a Python file or a zip. Nothing of it is run here."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from data.homework import ArtifactFile
from grader.handed_file import SubmissionError
from grader.language import visible
from grader.language.messages import T, Text
from grader.lesson import Lesson
from grader.limits import ARTIFACT_BYTES
from grader.results import OpenAnswer
from grader.submission.cells import (
    CONFLICT_MARKS,
    Cell,
    ParsedCell,
    Unreadable,
    cells_of_notebook,
    cells_of_python,
    has_conflict,
    parse,
    python_of_notebook,
    texts_of_notebook,
    texts_of_python,
)
from grader.submission.entries import entries_at
from grader.submission.frugal import within_limits
from grader.submission.open_questions import open_answers
from grader.submission.program import Program, effort
from grader.submission.work import Work, choose, work_of

MAX_CODE_CHARACTERS = 2**18  # five times a solved lesson
MAX_CELLS = 2000
MAX_EFFORT = 75_000  # six times a solved lesson, and a second of work


@dataclass(frozen=True)
class Submission:
    """What a student hands in for one lesson.

    ``problems`` are the cells that cannot be read, ``notices`` what else is to be said.
    ``artifact`` is the file beside the notebook that the lesson declares, still packed; ``artifact_path`` is where one
    that is made during the check may be kept, if anywhere.
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
        parse_work(work_of(each, source, entries), source.path.parent if source.path else None)
        for each, source in choose(path, entries, lesson)
    ]


def parse_work(work: Work, folder: Path | None = None) -> Submission:
    """The submission in a student's files, which lie in ``folder`` if anywhere. Raises SubmissionError."""
    with within_limits(visible.block(work.name)) as look:
        return _parsed(work, folder, look)


def _parsed(work: Work, folder: Path | None, look: Callable[[], None]) -> Submission:
    lesson = Lesson(work.lesson)
    wanted = lesson.artifact
    code, texts = _cells(work)
    cells, problems = _parse_all(code, look)
    if problems and work.suffix == ".ipynb":
        theirs = python_of_notebook(work.source)
        problems = [_of_newer_python(problem, theirs) for problem in problems]
    _expect_readable(work, cells)
    program = Program(tuple(cells))
    program.nodes  # noqa: B018 - found now, where it is limited
    return Submission(
        name=visible.block(work.name),
        lesson=lesson,
        program=program,
        problems=tuple(problems),
        notices=(_artifact_notice(work.artifact_problem, wanted),) if wanted and work.artifact_problem else (),
        artifact=work.artifact,
        artifact_path=folder / wanted.file_name if folder and wanted else None,
        open_answers=open_answers(lesson.key, texts),
    )


def _cells(work: Work) -> tuple[list[Cell], list[str]]:
    """The code cells, within limits, and the text cells."""
    is_notebook = work.suffix == ".ipynb"
    try:
        cells = cells_of_notebook(work.source) if is_notebook else cells_of_python(work.source)
        texts = texts_of_notebook(work.source) if is_notebook else texts_of_python(work.source)
    except Unreadable as error:
        raise SubmissionError(
            T("{name} cannot be read: {reason}.", name=visible.block(work.name), reason=error.text)
        ) from error
    code = sum(len(cell.source) for cell in cells)
    if code > MAX_CODE_CHARACTERS or len(cells) > MAX_CELLS:
        raise SubmissionError(
            T(
                "{name} has {cells} cells with {characters} characters of code; a lesson has far less. Hand in "
                "the lesson's notebook.",
                name=visible.block(work.name),
                cells=len(cells),
                characters=code,
            )
        )
    return cells, texts


def _parse_all(cells: Iterable[Cell], look: Callable[[], None]) -> tuple[list[ParsedCell], list[Text]]:
    parsed, problems = [], []
    for cell in cells:
        look()
        try:
            parsed.append(parse(cell))
        except SyntaxError as error:
            line = error.lineno or 0
            reason = CONFLICT_MARKS if has_conflict(cell.source) else visible.block(str(error.msg))
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


def _of_newer_python(problem: Text, theirs: tuple[int, int]) -> Text:
    """The problem; a cell of a newer Python than this one may be right there."""
    ours = sys.version_info[:2]
    if theirs <= ours:
        return problem
    return T(
        "{problem} (the notebook was written with Python {theirs} and graded with Python {ours}: if the cell runs for "
        "you, ask your instructor to grade with Python {theirs})",
        problem=problem,
        theirs=".".join(map(str, theirs)),
        ours=".".join(map(str, ours)),
    )


def _expect_readable(work: Work, cells: Iterable[ParsedCell]) -> None:
    """Nothing, if the statements are not many more than those of a lesson."""
    if sum(effort(statement) for cell in cells for statement in cell.body) > MAX_EFFORT:
        raise SubmissionError(
            T(
                "{name} has far more statements than a lesson needs. Hand in the lesson's notebook, and keep data out "
                "of its code.",
                name=visible.block(work.name),
            )
        )


def _artifact_notice(problem: str, wanted: ArtifactFile) -> Text:
    if problem == "unreadable":
        return T("The homework's file cannot be opened. Write it again with {writer}.", writer=wanted.written_by)
    if problem == "several":
        return T(
            "Several files could be the homework's. Keep one of them, called {name}, beside the notebook.",
            name=wanted.file_name,
        )
    return T(
        "The homework's file has more than {limit} MB and was not read. Write it again with {writer}.",
        limit=ARTIFACT_BYTES // 2**20,
        writer=wanted.written_by,
    )
