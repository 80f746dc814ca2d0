"""Whose work there is for which lesson: a row for each, or the reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

import msgspec

from data.quiz import load_quiz
from grader.handed_file import File, SubmissionError
from grader.language import visible
from grader.language.messages import T, Translate
from grader.language.reasons import reason_of
from grader.lesson import Lesson
from grader.lms.discovering import discover
from grader.lms.handed import Handed
from grader.marks.marking import Target
from grader.submission.entries import entries_of
from grader.submission.work import Work, lessons_in, read_work


@dataclass(frozen=True)
class Row:
    """A submission's work for one lesson, or the reason why it cannot be read. The work itself stays on disk.

    ``key`` is the submission's, with the lesson's number if there are works for several.
    """

    key: str
    handed: Handed
    lesson: str
    content: str = ""
    name: str = ""
    problem: str = ""
    has_artifact: bool = False


def find_rows(folder: Path, lesson: Lesson | None, say: Translate) -> list[Row]:
    """The rows of a folder as the LMS packed it. Raises LmsError when there is no submission."""
    return [row for handed in discover(folder) for row in _rows(handed, lesson, say)]


def read_again(row: Row) -> Work:
    """The work, read again. Raises SubmissionError when it is no longer what the row says."""
    for work, _ in _works(row.handed, _entries(row.handed), Lesson(row.lesson)):
        if work.content_hash == row.content:
            return work
    raise SubmissionError(T("{name} was changed while the class was graded.", name=row.handed.submission))


def targets(rows: list[Row]) -> list[Target]:
    """What can be marked: each work that was read, with the points of its lesson's open questions."""
    return [Target(row.key, row.handed.submission, row.lesson, _open_points(row.lesson)) for row in rows if row.content]


@cache
def _open_points(lesson: str) -> tuple[float, ...]:
    return tuple(question.points for question in load_quiz(lesson).open_questions)


def _rows(handed: Handed, lesson: Lesson | None, say: Translate) -> list[Row]:
    """A row for each lesson that the files are named after: a damaged notebook costs its lesson only."""
    try:
        entries = _entries(handed)
        lessons: Sequence[Lesson | None] = [lesson] if lesson else lessons_in(entries) or [None]
    except Exception as error:
        return [Row(handed.key, handed, lesson.key if lesson else "", problem=_problem(handed, error, say))]
    rows = [row for each in lessons for row in _rows_of(handed, entries, each, say)]
    several = len(rows) > 1
    return [replace(row, key=f"{row.key}-{Lesson(row.lesson).number}") for row in rows] if several else rows


def _rows_of(handed: Handed, entries: list[File], lesson: Lesson | None, say: Translate) -> list[Row]:
    try:
        return [
            Row(handed.key, handed, work.lesson, work.content_hash, name, has_artifact=work.artifact is not None)
            for work, name in _works(handed, entries, lesson)
        ]
    except Exception as error:
        return [Row(handed.key, handed, lesson.key if lesson else "", problem=_problem(handed, error, say))]


def _problem(handed: Handed, error: Exception, say: Translate) -> str:
    """Why files cannot be read; whatever a strange one makes its reader raise is that student's only."""
    if isinstance(error, SubmissionError):
        return error.text.render(say)
    return T("{name} cannot be read: {reason}.", name=handed.submission, reason=reason_of(error)).render(say)


def _entries(handed: Handed) -> list[File]:
    return entries_of(handed.files)


def _works(handed: Handed, entries: list[File], lesson: Lesson | None) -> Iterator[tuple[Work, str]]:
    """The works under a name that is the same for all, so that equal works have equal results, and their own names."""
    for work in read_work(Path(handed.submission), entries, lesson):
        name = work.lesson + work.suffix
        yield msgspec.structs.replace(work, name=name), visible.block(work.name)
