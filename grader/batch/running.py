"""Grading a folder of submissions as the LMS packed it: each different work once, finished work never again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial

import msgspec

from grader.batch.journal import Journal, grading_hash
from grader.batch.outcome import WorkOutcome
from grader.batch.pool import Keyed, Slots, outcomes
from grader.batch.rows import Row, read_again
from grader.batch.slot import Conditions, Task
from grader.faults import GraderFault
from grader.handed_file import SubmissionError
from grader.language import visible
from grader.language.messages import Translate, translator
from grader.lesson import Lesson
from grader.randomness import derived_seed

SEED = "secret seed"  # "seed" was a number that students' pages told
OnProgress = Callable[[int, int], None]


@dataclass(frozen=True)
class Options:
    """How a batch runs, beside where it finds and leaves things."""

    lesson: Lesson | None = None
    seed: int | None = None
    language: str = "es"
    sandbox: str = "strict"
    train_homework: bool = False


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


def prepare(rows: list[Row], journal: Journal, options: Options) -> Batch:
    """A batch of these works. Raises GraderFault when the journal cannot be used."""
    seed = options.seed if options.seed is not None else journal.number(SEED, secrets.randbits(128))
    conditions = Conditions(seed, options.language, options.sandbox, options.train_homework)
    grading = grading_hash(str(seed), options.language, options.sandbox, str(options.train_homework))
    return Batch(rows, conditions, grading)


def run(batch: Batch, journal: Journal, slots: Slots, progress: OnProgress) -> None:
    """Grade what is not in the journal yet. Ctrl-C leaves everything that was finished.

    Raises:
        GraderFault: nothing can be graded here, or the journal cannot be written.

    """
    missing = [row for row in batch.first.values() if not journal.has(row.content, batch.grading)]
    done, say = len(batch.first) - len(missing), translator(batch.conditions.language)
    progress(done, len(batch.first))
    with closing(outcomes(_tasks(missing, batch.conditions), slots)) as found:
        for content, outcome in found:
            if isinstance(outcome, WorkOutcome):
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
    return visible.block(f"{type(error).__name__}: {error}")


def _tasks(rows: list[Row], conditions: Conditions) -> Iterator[Keyed]:
    return ((row.content, partial(_task, row, conditions)) for row in rows)


def _task(row: Row, conditions: Conditions) -> Task:
    """The work, read when its turn comes, so that memory does not grow with the class.

    Its seed is of its content and of the batch's, which never leaves this process: whoever hands in again after seeing
    a seed gets another that nobody can foresee.
    """
    seed = derived_seed(conditions.seed, row.content)
    return Task(read_again(row), msgspec.structs.replace(conditions, seed=seed))
