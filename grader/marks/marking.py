"""The instructor's marks for open questions: a table to fill in, read back with an eye on every cell, and merged.

Merging changes no result of a check: a batch that is run again with other marks grades nothing anew.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.graded import Graded
from grader.language import visible
from grader.language.messages import T, Text, Told
from grader.marks.table import Line, read_lines, refused
from grader.results import OpenAnswer, Results

NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?", re.ASCII)
MAX_COMMENT = 4_000
MAX_PROBLEMS = 10


@dataclass(frozen=True)
class Target:
    """A work that can be marked: ``key`` is its name in the batch, ``questions`` the points of each open question."""

    key: str
    submission: str
    lesson: str
    questions: tuple[float, ...]


class Mark(msgspec.Struct, frozen=True):
    """What the instructor gave for one answer; ``points`` is None if there is only a comment."""

    points: float | None
    comment: str = ""


Marks = dict[str, dict[int, Mark]]


def read_marks(path: Path, targets: Iterable[Target]) -> Marks:
    """The marks in a CSV file, by the work's key and the question's number.

    Args:
        path: columns ``submission, question, points, comment``; ``lesson`` where a submission has several.
        targets: the works of this batch.

    Raises:
        MarksError: something in it is not as it must be; the text names up to ten lines with their values.

    """
    reader = _Reader(targets)
    problems = [problem for line in read_lines(path) if (problem := reader.take(line)) is not None]
    if problems:
        raise refused(path, problems[:MAX_PROBLEMS], len(problems))
    return reader.marks


def with_marks(graded: Graded, marks: Marks) -> Graded:
    """The record with its open questions counted: their points are part of the points and of the maximum."""
    if graded.results is None:
        return graded
    given = marks.get(graded.key, {})
    answers = [_marked(answer, given.get(answer.number)) for answer in graded.results.open_answers]
    return msgspec.structs.replace(graded, results=_summed(graded.results, answers))


def _marked(answer: OpenAnswer, mark: Mark | None) -> OpenAnswer:
    return msgspec.structs.replace(answer, points=mark.points, comment=mark.comment) if mark else answer


def _summed(results: Results, answers: list[OpenAnswer]) -> Results:
    return msgspec.structs.replace(
        results,
        open_answers=answers,
        with_marks=True,
        points=round(results.points + sum(each.points or 0.0 for each in answers), 2),
        max_points=round(results.max_points + sum(each.max_points for each in answers), 2),
    )


class _Reader:
    """Takes in one line after the other."""

    def __init__(self, targets: Iterable[Target]) -> None:
        self.marks: Marks = {}
        self._lines: dict[tuple[str, int], int] = {}
        self._targets: dict[str, list[Target]] = {}
        for target in targets:
            for name in dict.fromkeys((target.submission, target.key)):
                self._targets.setdefault(name, []).append(target)

    def take(self, line: Line) -> Text | None:
        """Keep the line's mark; what is wrong with it, if something is. A line without a mark is no mark."""
        if not line.points and not line.comment:
            return None
        try:
            target = self._target(line)
            number = _question(line, target)
            mark = Mark(_points(line, target.questions[number - 1]), line.comment[:MAX_COMMENT])
        except _Wrong as wrong:
            return wrong.text
        if (first := self._lines.setdefault((target.key, number), line.number)) != line.number:
            return T(
                "line {line}: question {question} of {submission} has a mark already, on line {first}",
                line=line.number,
                question=number,
                submission=visible.line(line.submission),
                first=first,
            )
        self.marks.setdefault(target.key, {})[number] = mark
        return None

    def _target(self, line: Line) -> Target:
        named = self._targets.get(visible.line(line.submission), [])
        found = [target for target in named if line.lesson in ("", target.lesson, target.lesson.partition("_")[0])]
        if len(found) == 1:
            return found[0]
        if not named:
            raise _Wrong(
                T(
                    "line {line}: there is no submission {submission} in this batch",
                    line=line.number,
                    submission=_quoted(line.submission),
                )
            )
        if not found:
            raise _Wrong(
                T(
                    "line {line}: {submission} has no work for lesson {lesson}",
                    line=line.number,
                    submission=_quoted(line.submission),
                    lesson=_quoted(line.lesson),
                )
            )
        raise _Wrong(
            T(
                "line {line}: {submission} may be {choices}; give the lesson, or one of these in its place",
                line=line.number,
                submission=_quoted(line.submission),
                choices=", ".join(target.key for target in found[:5]),
            )
        )


class _Wrong(Told):
    """A cell that cannot be used."""


def _question(line: Line, target: Target) -> int:
    text, count = line.question, len(target.questions)
    number = int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
    if not 1 <= number <= count:
        raise _Wrong(
            T(
                "line {line}: lesson {lesson} has no open question {question}; it has {count}",
                line=line.number,
                lesson=target.lesson,
                question=_quoted(text),
                count=count,
            )
        )
    return number


def _points(line: Line, maximum: float) -> float | None:
    text = line.points
    if not text:
        return None
    if not NUMBER.fullmatch(text) or len(text) > 20:
        raise _Wrong(T("line {line}: {points} is no number of points", line=line.number, points=_quoted(text)))
    points = float(text.replace(",", "."))
    if points < 0:
        raise _Wrong(T("line {line}: {points} points are less than none", line=line.number, points=_quoted(text)))
    if points > maximum:
        raise _Wrong(
            T(
                "line {line}: {points} points are more than the {maximum} of question {question}",
                line=line.number,
                points=_quoted(text),
                maximum=f"{maximum:g}",
                question=line.question,
            )
        )
    return points


def _quoted(text: str) -> str:
    return f"«{visible.line(visible.block(text), 80)}»"
