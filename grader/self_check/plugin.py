"""`pytest grader`: runs the checks on a submission and reports points.

Loaded by name (``-p grader.self_check.plugin`` in pyproject.toml). It does nothing in a run that collects no checks.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Generator
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from threadpoolctl import threadpool_limits

from grader.exercises import HOMEWORK, QUIZ, exercise_name
from grader.files import write_whole
from grader.handed_file import SubmissionError
from grader.judge.check import Check, Student, check_of, judge
from grader.language.messages import LANGUAGES, T, Translate, translator
from grader.lesson import Lesson, all_lessons, find_lesson
from grader.randomness import generator_for
from grader.results import Outcome
from grader.self_check.session import Session
from grader.submission.reading import Submission, read_submissions
from grader.submission.work import NothingFound

SESSION = pytest.StashKey[Session]()
GRADER_FAULT_EXIT = 3
LETTERS = {
    Outcome.PASSED: ".",
    Outcome.FAILED: "F",
    Outcome.ERROR: "E",
    Outcome.NOT_RUN: "-",
    Outcome.GRADER_FAULT: "!",
}
OUTCOME = pytest.StashKey[Outcome]()


class NotPassed(Exception):
    """Tells pytest that a check did not pass; the message is the student's."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """The grader's options."""
    group = parser.getgroup("grader", "self-check of a lesson")
    group.addoption(
        "--submission", default="lessons", metavar="PATH", help="folder, notebook, .py file or .zip (default: lessons)"
    )
    group.addoption("--lesson", metavar="KEY", help="only this lesson: its key or its number, such as 108")
    group.addoption(
        "--exercise", metavar="N", help=f"only this exercise: a number, {HOMEWORK} (tarea) or {QUIZ} (cuestionario)"
    )
    group.addoption(
        "--seed", type=int, metavar="N", help="seed of the drawn inputs (default: a new one each time, printed)"
    )
    group.addoption("--results", type=Path, metavar="FILE", help="write the results as JSON, a file for each lesson")
    group.addoption("--refusal", type=Path, metavar="FILE", help="write here why a submission could not be read")
    group.addoption("--lang", default=LANGUAGES[0], choices=LANGUAGES, help="language of the messages")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Keep the checks that were asked for, and read the submission before anything runs."""
    checks = [item for item in items if _check(item)]
    if not checks:
        return
    _leave_reporting_to_the_table(config)
    config.stash[SESSION] = session = _open_session(config)
    found = [item for item in checks if session.has(_lesson(item))]
    chosen = [item for item in found if _is_chosen(item, config.getoption("--exercise"), session.say)]
    if not chosen:
        nothing = T(
            "There is no exercise {exercise} in lesson {lesson}; there are {known}.",
            exercise=config.getoption("--exercise"),
            lesson=", ".join(each.lesson.number for each in session.submissions),
            known=", ".join(dict.fromkeys(check.exercise for item in found if (check := _check(item)))),
        )
        raise pytest.UsageError(nothing.render(session.say))
    session.expect((_lesson(item), check) for item in chosen if (check := _check(item)))
    items[:] = [item for item in items if item in chosen or item not in checks]


@pytest.fixture
def student(request: pytest.FixtureRequest) -> Student:
    """The student whose work for the check's lesson is graded."""
    return request.config.stash[SESSION].student(_lesson(request.node))


@pytest.fixture
def rng(request: pytest.FixtureRequest) -> np.random.Generator:
    """The random inputs of this check, decided by the run's seed and the check's name."""
    check = _check(request.node)
    assert check is not None
    return generator_for(request.config.stash[SESSION].seed, check.identifier(_lesson(request.node)))


@pytest.hookimpl(tryfirst=True)
def pytest_pyfunc_call(pyfuncitem: pytest.Function) -> bool | None:
    """Judge a check and record its result; other functions are pytest's business."""
    check = _check(pyfuncitem)
    if check is None:
        return None
    session, lesson, given = pyfuncitem.config.stash[SESSION], _lesson(pyfuncitem), pyfuncitem.funcargs
    student, rng = cast("Student", given["student"]), cast("np.random.Generator", given["rng"])
    result = judge(check, student, rng, lesson, session.say)
    session.add(lesson, result)
    pyfuncitem.stash[OUTCOME] = result.outcome
    if result.outcome is not Outcome.PASSED:
        raise NotPassed(result.message)
    return True


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A check that did not pass is told by its message: a traceback of the grader helps no student."""
    report = yield
    if OUTCOME in item.stash and report.when == "call":
        report.outcome_of_check = item.stash[OUTCOME]  # type: ignore[attr-defined]  # for the hook below
        if report.failed:
            report.longrepr = str(item.stash[OUTCOME])
    return report


def pytest_report_teststatus(report: pytest.TestReport) -> tuple[str, str, str] | None:
    """One letter for each outcome while the checks run."""
    outcome = getattr(report, "outcome_of_check", None)
    if outcome is None:
        return None
    return str(outcome), LETTERS[outcome], str(outcome).upper()


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Close the workers, write the results; the exit code tells a grader fault, or results that were not written."""
    found = session.config.stash.get(SESSION, None)
    if found is not None:
        found.finish()
        if found.has_fault:
            session.exitstatus = GRADER_FAULT_EXIT
        elif found.has_unwritten:
            session.exitstatus = pytest.ExitCode.USAGE_ERROR


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The table of points."""
    session = config.stash.get(SESSION, None)
    if session is not None:
        terminalreporter.write("\n" + session.summary())


def _leave_reporting_to_the_table(config: pytest.Config) -> None:
    """No tracebacks and no list of failures: the table says everything, and says it to a student."""
    config.option.tbstyle = "no"
    reporter = config.pluginmanager.getplugin("terminalreporter")
    assert isinstance(reporter, pytest.TerminalReporter)
    reporter.reportchars = ""


def _open_session(config: pytest.Config) -> Session:
    say = translator(config.getoption("--lang"))
    wanted, seed = config.getoption("--lesson"), config.getoption("--seed")
    lesson = find_lesson(wanted) if wanted else None
    if wanted and lesson is None:
        known = ", ".join(each.key for each in all_lessons())
        raise pytest.UsageError(
            T("There is no lesson {lesson}. Lessons: {known}.", lesson=wanted, known=known).render(say)
        )
    if seed is not None and seed < 0:
        raise pytest.UsageError(T("--seed must not be negative; it is {seed}.", seed=seed).render(say))
    submissions = _submissions(config, lesson, say)
    threadpool_limits(limits=1, user_api="blas")  # two threads only wait for each other on matrices this small
    return Session(
        submissions,
        seed=secrets.randbits(63) if seed is None else seed,
        say=say,
        results=config.getoption("--results"),
        config=config,
    )


def _submissions(config: pytest.Config, lesson: Lesson | None, say: Translate) -> list[Submission]:
    """What is to be checked. Why there is nothing goes to pytest, and to the file of ``--refusal``."""
    path = Path(os.path.abspath(config.invocation_params.dir / config.getoption("--submission")))  # noqa: PTH100 - no links
    try:
        return read_submissions(path, lesson)
    except SubmissionError as error:
        reason = error.text.render(say)
        if isinstance(error, NothingFound):
            hint = T("Give another place with --submission, and with --lesson the lesson of a file of any name.")
            reason = f"{reason} {hint.render(say)}"
        if refusal := config.getoption("--refusal"):
            write_whole(refusal, reason.encode("utf-8", "replace"))
        raise pytest.UsageError(reason) from error


def _check(item: pytest.Item) -> Check | None:
    return check_of(getattr(item, "function", None))


def _lesson(item: pytest.Item) -> Lesson:
    return next(lesson for lesson in all_lessons() if item.path.is_relative_to(lesson.checks))


def _is_chosen(item: pytest.Item, exercise: str | None, say: Translate) -> bool:
    """An exercise may be asked for as the grader calls it, or as the run's language does."""
    found = _check(item)
    assert found is not None
    shown = exercise_name(found.exercise).render(say)
    return exercise is None or exercise.casefold() in (found.exercise, shown.casefold())
