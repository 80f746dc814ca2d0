"""Whose work there is for which lesson: a row for each, or the reason why it cannot be read."""

from __future__ import annotations

from collections.abc import Sequence
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
from grader.submission.work import Work, choose, files_of, lessons_in, work_of


@dataclass(frozen=True, eq=False)
class Row:
    """A submission's work for one lesson, by names alone, or the reason why there is none.

    ``key`` is the submission's, with the lesson's number if there are works for several. ``files`` are the notebook or
    Python file, then what may be the artifact.
    """

    key: str
    handed: Handed
    lesson: str
    files: tuple[File, ...] = ()
    problem: str = ""

    @property
    def name(self) -> str:
        """The student's own name for the work, made for display."""
        return visible.block(self.files[0].name) if self.files else ""


def find_rows(folder: Path, lesson: Lesson | None, say: Translate) -> list[Row]:
    """The rows of a folder as the LMS packed it. Raises LmsError when there is no submission."""
    return [row for handed in discover(folder) for row in _rows(handed, lesson, say)]


def read_row(row: Row) -> Work:
    """The work under a name that is the same for all, so that equal works have equal results.

    Raises:
        SubmissionError: a file cannot be read or is too large; a strange one may make its reader raise anything else.

    """
    work = work_of(Lesson(row.lesson), row.files[0], list(row.files))
    return msgspec.structs.replace(work, name=work.lesson + work.suffix)


def problem_of(handed: Handed, error: Exception, say: Translate) -> str:
    """Why files cannot be read; whatever a strange one makes its reader raise is that student's only."""
    if isinstance(error, SubmissionError):
        return error.text.render(say)
    return T("{name} cannot be read: {reason}.", name=handed.submission, reason=reason_of(error)).render(say)


def targets(rows: list[Row]) -> list[Target]:
    """What can be marked: each work whose lesson is known, with the points of its lesson's open questions."""
    return [Target(row.key, row.handed.submission, row.lesson, _open_points(row.lesson)) for row in rows if row.lesson]


@cache
def _open_points(lesson: str) -> tuple[float, ...]:
    return tuple(question.points for question in load_quiz(lesson).open_questions)


def _rows(handed: Handed, lesson: Lesson | None, say: Translate) -> list[Row]:
    """A row for each lesson that the files are named after: a damaged notebook costs its lesson only."""
    try:
        entries = entries_of(handed.files)
        lessons: Sequence[Lesson | None] = [lesson] if lesson else lessons_in(entries) or [None]
    except Exception as error:
        return [Row(handed.key, handed, lesson.key if lesson else "", problem=problem_of(handed, error, say))]
    rows = [row for each in lessons for row in _rows_of(handed, entries, each, say)]
    several = len(rows) > 1
    return [replace(row, key=f"{row.key}-{Lesson(row.lesson).number}") for row in rows] if several else rows


def _rows_of(handed: Handed, entries: list[File], lesson: Lesson | None, say: Translate) -> list[Row]:
    try:
        return [
            Row(handed.key, handed, each.key, files_of(each, source, entries))
            for each, source in choose(Path(handed.submission), entries, lesson)
        ]
    except Exception as error:
        return [Row(handed.key, handed, lesson.key if lesson else "", problem=problem_of(handed, error, say))]
