"""What reports and exports are made of: a batch's rows with their results."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from grader.batch.journal import Journal
from grader.batch.outcome import WorkOutcome
from grader.batch.rows import Row
from grader.batch.running import Batch
from grader.graded import Graded, Status
from grader.language.messages import T, Translate
from grader.lesson import Lesson
from grader.lms.flags import COPY, NO_HOMEWORK
from grader.marks.marking import Marks, with_marks


class Gradebook:
    """Each row of a batch that has run, read from the journal one at a time; marks, if given, are merged in."""

    def __init__(self, batch: Batch, journal: Journal, say: Translate, marks: Marks | None = None) -> None:
        self._batch, self._journal, self._say, self._marks = batch, journal, say, marks
        self._twins = _twins(batch)

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
        batch, content = self._batch, self._batch.contents.get(row)
        if content is None:
            return self._record(row, WorkOutcome(None, batch.problems[row]), Status.UNREADABLE)
        outcome = self._journal.get(content, batch.grading)
        if outcome is None:
            return self._record(row, WorkOutcome(None, batch.failed.get(content, "")), Status.FAULT)
        return self._record(row, outcome, Status.GRADED if outcome.results else Status.UNREADABLE)

    def _record(self, row: Row, outcome: WorkOutcome, status: Status) -> Graded:
        handed, message, results = row.handed, outcome.message, outcome.results
        if status is Status.FAULT:
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
            status=status,
            flags=[*handed.flags, *self._flags(row, outcome)],
            message=message,
            results=results and msgspec.structs.replace(results, submission=row.name),
            layers=outcome.layers,
            cpu_seconds=outcome.cpu_seconds,
        )

    def _flags(self, row: Row, outcome: WorkOutcome) -> Iterator[str]:
        twins = self._twins.get(self._batch.contents.get(row, ""), [])
        if len(twins) > 1 and outcome.results and outcome.results.points:  # two empty notebooks are no copies
            yield COPY + (twins[0] if twins[0] != row.key else twins[1])
        if row in self._batch.bare and Lesson(row.lesson).artifact:
            yield NO_HOMEWORK


def _twins(batch: Batch) -> dict[str, list[str]]:
    """The keys of those who handed in the same work, in the order of the rows."""
    twins: dict[str, list[str]] = {}
    for row in batch.rows:
        if content := batch.contents.get(row):
            twins.setdefault(content, []).append(row.key)
    return twins
