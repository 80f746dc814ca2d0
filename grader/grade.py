"""Grading one submission from beginning to end, outside pytest: the same checks, the same judge, the same results."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable
from functools import cache
from itertools import chain

from grader.judge.artifacts import Audit
from grader.judge.check import Check, check_of, judge
from grader.language.messages import Translate
from grader.lesson import Lesson
from grader.randomness import generator_for
from grader.results import CheckResult, Results, collect
from grader.student.artifact import TrainingPlan
from grader.student.asking import Start
from grader.student.remote import RemoteStudent
from grader.submission.reading import Submission


@cache
def checks_of(lesson: Lesson) -> tuple[Check, ...]:
    """The lesson's checks in the order in which pytest collects them: modules by name, functions as written."""
    names = sorted(path.stem for path in lesson.checks.glob("check_*.py"))
    modules = [importlib.import_module(f"grader.checks.{lesson.checks.name}.{name}") for name in names]
    functions = chain.from_iterable(vars(module).values() for module in modules)
    return tuple(check for check in map(check_of, functions) if check is not None)


def training_of(lesson: Lesson, keep: Callable[[bytes], None] = lambda _: None) -> TrainingPlan | None:
    """How the lesson's artifact is made where none was handed in; None if the lesson asks for none."""
    if lesson.artifact is None:
        return None
    return TrainingPlan(importlib.import_module(f"grader.checks.{lesson.checks.name}.artifact").FORMAT, keep)


def grade(
    submission: Submission,
    seed: int,
    say: Translate,
    start: Start,
    trains: bool,
    audit: Audit = Audit(),  # noqa: B008 - it is frozen
) -> Results:
    """Run every check of the submission's lesson.

    Args:
        submission: read, not run.
        seed: of the drawn inputs.
        say: the language of messages.
        start: starts a worker.
        trains: whether an artifact that was not handed in is made.
        audit: how an artifact is looked at.

    Raises:
        Interrupted: the machinery went away; grade again.
        NoWorker: no worker answers here, whatever code it is given.

    """
    lesson = submission.lesson
    with RemoteStudent(submission, seed, start, training_of(lesson) if trains else None, audit) as student:
        checks = [
            judge(check, student, generator_for(seed, check.identifier(lesson)), lesson, say)
            for check in checks_of(lesson)
        ]
        if student.no_worker is not None:
            raise student.no_worker
        return results_of(student, checks, say)


def results_of(student: RemoteStudent, checks: Iterable[CheckResult], say: Translate) -> Results:
    """The record of a student's checks, with what the run noticed on the way."""
    submission = student.submission
    return collect(
        submission.lesson.key,
        submission.name,
        student.seed,
        checks,
        [notice.render(say) for notice in (*submission.problems, *submission.notices, *student.notices)],
        student.asker.versions,
        chain.from_iterable(student.exhibits.values()),
        submission.open_answers,
    )
