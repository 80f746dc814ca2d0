"""Grading a folder of submissions as the LMS packed it: each different work once, finished work never again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field

import msgspec

from grader.batch.journal import Journal, grading_hash
from grader.batch.outcome import WorkOutcome
from grader.batch.pool import Keyed, Slots, outcomes
from grader.batch.rows import Row, problem_of, read_row
from grader.batch.slot import Conditions, Task
from grader.faults import GraderFault
from grader.handed_file import SubmissionError
from grader.judge.artifacts import Audit
from grader.language import visible
from grader.language.messages import Translate, translator
from grader.lesson import Lesson
from grader.randomness import derived_seed
from grader.submission.work import Work

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
    audit: Audit = field(default_factory=Audit)


@dataclass
class Batch:
    """A folder of submissions with what is known of them.

    When a row's turn has come, ``contents`` has the hash of its work or ``problems`` the reason why there is none, and
    ``bare`` has it if its work is without an artifact; ``passed`` counts the rows that needed no grading of their own.
    ``failed`` says why the grader has no outcome for a work, ``open`` are the works of which it spoiled a part.
    """

    rows: list[Row]
    conditions: Conditions
    grading: str
    contents: dict[Row, str] = field(default_factory=dict)
    problems: dict[Row, str] = field(default_factory=dict)
    bare: set[Row] = field(default_factory=set)
    passed: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    open: set[str] = field(default_factory=set)


def prepare(rows: list[Row], journal: Journal, options: Options) -> Batch:
    """A batch of these works. Raises GraderFault when the journal cannot be used."""
    seed = options.seed if options.seed is not None else journal.number(SEED, secrets.randbits(128))
    conditions = Conditions(seed, options.language, options.sandbox, options.train_homework, options.audit)
    grading = grading_hash(str(seed), options.language, options.sandbox, str((options.train_homework, options.audit)))
    return Batch(rows, conditions, grading)


def run(batch: Batch, journal: Journal, slots: Slots, progress: OnProgress) -> None:
    """Grade what is not in the journal yet. Ctrl-C leaves everything that was finished.

    Raises:
        GraderFault: nothing can be graded here, or the journal cannot be written.

    """
    say, graded, total = translator(batch.conditions.language), 0, len(batch.rows)
    progress(0, total)
    with closing(outcomes(_tasks(batch, journal.finished(batch.grading), say), slots)) as found:
        for content, outcome in found:
            if isinstance(outcome, WorkOutcome):
                journal.put(content, batch.grading, outcome)
                if outcome.results and outcome.results.pending_points:
                    batch.open.add(content)
            else:
                batch.failed[content] = _reason(outcome, say)
            graded += 1
            progress(batch.passed + graded, total)
    progress(total, total)


def _reason(error: Exception, say: Translate) -> str:
    if isinstance(error, (SubmissionError, GraderFault)):
        return error.text.render(say)
    return visible.block(f"{type(error).__name__}: {error}")


def _tasks(batch: Batch, finished: set[str], say: Translate) -> Iterator[Keyed]:
    """What is to be graded, each file read once, when its turn comes, so that memory does not grow with the class.

    The threads of the slots draw from here, one at a time; of identical works they get the first.
    """
    brought = set(finished)
    for row in batch.rows:
        work = _read(batch, row, say)
        content = batch.contents.get(row, "")
        if work is None or content in brought:
            batch.passed += 1
        else:
            brought.add(content)
            yield content, _task(work, content, batch.conditions)


def _read(batch: Batch, row: Row, say: Translate) -> Work | None:
    """The row's work, if there is one; what becomes known of the row is noted in the batch."""
    if row.problem:
        batch.problems[row] = row.problem
        return None
    try:
        work = read_row(row)
    except Exception as error:
        batch.problems[row] = problem_of(row.handed, error, say)
        return None
    batch.contents[row] = work.content_hash
    if work.artifact is None:
        batch.bare.add(row)
    return work


def _task(work: Work, content: str, conditions: Conditions) -> Task:
    """The work with a seed of its content and of the batch's, which never leaves this process.

    Whoever hands in again after seeing a seed gets another that nobody can foresee.
    """
    return Task(work, msgspec.structs.replace(conditions, seed=derived_seed(conditions.seed, content)))
