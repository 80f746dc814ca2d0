"""Grading a folder of submissions as the LMS packed it: each different work once, finished work never again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path, PurePosixPath

import msgspec

from data.quiz import load_quiz
from grader.check import GraderFault
from grader.entries import Entry, SubmissionError, entries_of
from grader.journal import Journal, Outcome, grading_hash
from grader.lesson import Lesson
from grader.lms import Handed, discover
from grader.marks import Marks, Target, with_marks
from grader.messages import T, Translate, clean, translator
from grader.pool import Keyed, Slots, outcomes
from grader.record import COPY, NO_HOMEWORK, Graded
from grader.slot import Conditions, Task
from grader.submission import Work, lessons_in, read_work

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """How a batch runs, beside where it finds and leaves things."""

    lesson: Lesson | None = None
    seed: int | None = None
    language: str = "es"
    sandbox: str = "strict"
    train_homework: bool = False


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


@dataclass
class Batch:
    """A folder of submissions with what is known of them.

    ``first`` has one row for each different work, ``failed`` why the grader has no outcome for a work, and ``open`` the
    works of which it spoiled a part.
    """

    rows: list[Row]
    conditions: Conditions
    grading: str
    first: dict[str, Row] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Find the first of each group of identical works."""
        for row in self.rows:
            if row.content:
                self.first.setdefault(row.content, row)


def open_batch(folder: Path, journal: Journal, options: Options) -> Batch:
    """Read which works there are. The seed is the journal's, unless another is given.

    Raises:
        LmsError: there are no submissions.
        GraderFault: the journal cannot be used.

    """
    return prepare(find_rows(folder, options), journal, options)


def find_rows(folder: Path, options: Options) -> list[Row]:
    """Whose work there is for which lesson. Raises LmsError when there is none."""
    say = translator(options.language)
    return [row for handed in discover(folder) for row in _rows(handed, options.lesson, say)]


def prepare(rows: list[Row], journal: Journal, options: Options) -> Batch:
    """A batch of these works. Raises GraderFault when the journal cannot be used."""
    drawn = str(secrets.randbelow(2**31)) if options.seed is None else str(options.seed)
    seed = int(journal.setting("seed", drawn) if options.seed is None else drawn)
    conditions = Conditions(seed, options.language, options.sandbox, options.train_homework)
    grading = grading_hash(str(seed), options.language, options.sandbox, str(options.train_homework))
    return Batch(rows, conditions, grading)


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


def _rows_of(handed: Handed, entries: list[Entry], lesson: Lesson | None, say: Translate) -> list[Row]:
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
    reason = clean(getattr(error, "strerror", None) or str(error) or type(error).__name__)
    return T("{name} cannot be read: {reason}.", name=handed.submission, reason=reason).render(say)


def _entries(handed: Handed) -> list[Entry]:
    return entries_of((file.name, file.path) for file in handed.files)


def _works(handed: Handed, entries: list[Entry], lesson: Lesson | None) -> Iterator[tuple[Work, str]]:
    """The works under a name that is the same for all, so that equal works have equal results, and their own names."""
    for work in read_work(Path(handed.submission), entries, lesson):
        name = work.lesson + PurePosixPath(work.name).suffix
        yield msgspec.structs.replace(work, name=name), clean(work.name)


def run(batch: Batch, journal: Journal, slots: Slots, progress: Progress) -> None:
    """Grade what is not in the journal yet. Ctrl-C leaves everything that was finished.

    Raises:
        GraderFault: nothing can be graded here, or the journal cannot be written.

    """
    missing = [row for row in batch.first.values() if not journal.has(row.content, batch.grading)]
    done, say = len(batch.first) - len(missing), translator(batch.conditions.language)
    progress(done, len(batch.first))
    with closing(outcomes(_tasks(missing, batch.conditions), slots)) as found:
        for content, outcome in found:
            if isinstance(outcome, Outcome):
                journal.put(content, batch.grading, outcome)
                if outcome.results and outcome.results.pending_points:
                    batch.open.add(content)
            else:
                batch.failed[content] = _reason(outcome, say)
            done += 1
            progress(done, len(batch.first))


def _reason(error: Exception, say: Translate) -> str:
    if isinstance(error, (SubmissionError, GraderFault)):
        return error.text.render(say)
    return clean(f"{type(error).__name__}: {error}")


def _tasks(rows: list[Row], conditions: Conditions) -> Iterator[Keyed]:
    return ((row.content, partial(_task, row, conditions)) for row in rows)


def _task(row: Row, conditions: Conditions) -> Task:
    """The work, read again when its turn comes, so that memory does not grow with the class."""
    for work, _ in _works(row.handed, _entries(row.handed), Lesson(row.lesson)):
        if work.content_hash == row.content:
            return Task(work, conditions)
    raise SubmissionError(T("{name} was changed while the class was graded.", name=row.handed.submission))


def targets(rows: list[Row]) -> list[Target]:
    """What can be marked: each work that was read, with the points of its lesson's open questions."""
    return [Target(row.key, row.handed.submission, row.lesson, _open_points(row.lesson)) for row in rows if row.content]


@cache
def _open_points(lesson: str) -> tuple[float, ...]:
    return tuple(question.points for question in load_quiz(lesson).open_questions)


class GradedRows:
    """The batch's rows with their results, read from the journal one at a time; with marks, these are merged in."""

    def __init__(self, batch: Batch, journal: Journal, say: Translate, marks: Marks | None = None) -> None:
        self._batch, self._journal, self._say, self._marks = batch, journal, say, marks
        self._twins = _twins(batch.rows)

    def __len__(self) -> int:
        return len(self._batch.rows)

    def __iter__(self) -> Iterator[Graded]:
        return (self._graded(row) for row in self._batch.rows)

    def __getitem__(self, index: int) -> Graded:
        return self._graded(self._batch.rows[index])

    def _graded(self, row: Row) -> Graded:
        graded = self._without_marks(row)
        return graded if self._marks is None else with_marks(graded, self._marks)

    def _without_marks(self, row: Row) -> Graded:
        outcome = self._journal.get(row.content, self._batch.grading) if row.content else Outcome(None, row.problem)
        if outcome is None:
            return self._record(row, Outcome(None, self._batch.failed.get(row.content, "")), "fault")
        return self._record(row, outcome, "graded" if outcome.results else "unreadable")

    def _record(self, row: Row, outcome: Outcome, status: str) -> Graded:
        handed, message, results = row.handed, outcome.message, outcome.results
        if status == "fault":
            message = T(
                "The grader itself failed here ({reason}); nobody lost a point, grade again.", reason=message
            ).render(self._say)
        return Graded(
            key=row.key,
            submission=handed.submission,
            student=handed.student,
            lms=handed.lms,
            lms_id=handed.lms_id,
            lesson=row.lesson,
            status=status,  # type: ignore[arg-type]  # one of the record's literals
            flags=[*handed.flags, *self._flags(row, outcome)],
            message=message,
            results=results and msgspec.structs.replace(results, submission=row.name),
            layers=outcome.layers,
            cpu_seconds=outcome.cpu_seconds,
        )

    def _flags(self, row: Row, outcome: Outcome) -> Iterator[str]:
        twins = self._twins.get(row.content, [])
        if len(twins) > 1 and outcome.results and outcome.results.points:  # two empty notebooks are no copies
            yield COPY + (twins[0] if twins[0] != row.key else twins[1])
        if row.content and not row.has_artifact and Lesson(row.lesson).has_homework:
            yield NO_HOMEWORK


def _twins(rows: list[Row]) -> dict[str, list[str]]:
    """The keys of those who handed in the same work."""
    twins: dict[str, list[str]] = {}
    for row in rows:
        if row.content:
            twins.setdefault(row.content, []).append(row.key)
    return twins
