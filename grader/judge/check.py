"""What a check is, and how it becomes a result.

A check is a function of a student and a random generator. Its docstring's first line is the sentence that students
read. It returns nothing when the work is right and raises :class:`Mismatch` when it is not::

    @check(exercise="1", points=2)
    def check_fans(student: Student, rng: Generator) -> None:
        \"\"\"compute_fans gives the fans of a Dense kernel.\"\"\"
"""

from __future__ import annotations

import inspect
import traceback
import warnings
from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

import numpy as np

from grader.faults import GraderFault, Interrupted
from grader.judge.artifacts import Audit
from grader.language import visible
from grader.language.messages import T, Text, Told, Translate
from grader.lesson import Lesson
from grader.limits import CPU_SECONDS
from grader.randomness import Generator
from grader.results import CheckResult, Outcome

Result = TypeVar("Result")


class Mismatch(Told):
    """The work was looked at and is not what was asked; ``text`` says what was expected, what came, and a hint."""


class Unanswered(Told):
    """A question to the student's code got no answer: not written, raised, out of time, crashed.

    ``errors`` names those of Python's own exceptions that the function itself raised one of: ``ValueError`` and what
    that is derived from. A class of the student's that is only called so is not among them.
    """

    def __init__(self, outcome: Outcome, text: Text, errors: Collection[str] = ()) -> None:
        super().__init__(text)
        self.args = outcome, text, errors  # what a copy is made with
        self.outcome = outcome
        self.errors = errors


class Student(Protocol):
    """What checks may ask. The real one is grader.student.remote.RemoteStudent; tests answer in-process."""

    @property
    def audit(self) -> Audit:
        """How the lesson's artifact is looked at."""

    def require(self, function: str) -> None:
        """Nothing, if the function is written; for checks that begin with a tool. Raises Unanswered."""

    def call(
        self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS, eager: bool = False, **kwargs: Any
    ) -> Any:
        """The value that the student's function returns; ``eager`` saves time where it trains for a few steps only.

        Raises:
            Unanswered: there is no value.

        """

    def tool(self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS, eager: bool = False) -> Any:
        """The value that a function of grader.worker.tools returns where the student's code runs. Raises Unanswered."""

    def start_anew(self) -> None:
        """The next question is asked where none was asked before: nothing that the student's code kept is left.

        Models that were described before are gone with it.
        """

    def own_tool(self, function: str, /, *args: Any) -> Any:
        """The value that a function of grader.worker.tools returns where no student's code has run."""

    def once(self, key: str, compute: Callable[[Generator], Result]) -> Result:
        """What ``compute`` returned, or raised, the first time in this run: for what several checks look at."""

    def artifact(self) -> bytes:
        """The bytes of the lesson's artifact, handed in or made now. Raises Unanswered."""


def rests_on(mismatch: Mismatch) -> Text:
    """Why a check is not run: what it builds on does not hold."""
    return T("This rests on something that does not hold yet: {reason}", reason=mismatch.text)


def resting_on(student: Student, *foundations: Callable[[Student], Any]) -> None:
    """What is concluded from a student's answers earns nothing while something under it does not hold."""
    for foundation in foundations:
        try:
            foundation(student)
        except Mismatch as mismatch:
            raise Unanswered(Outcome.NOT_RUN, rests_on(mismatch)) from mismatch


CheckFunction = Callable[[Student, Generator], None]


@dataclass(frozen=True)
class Check:
    """A check with its place in the lesson. ``exercise`` is ``"1"`` …, ``"homework"`` or ``"quiz"``."""

    name: str
    exercise: str
    points: float
    function: CheckFunction

    @property
    def sentence(self) -> str:
        """What is checked, in English: the first line of the docstring."""
        return inspect.getdoc(self.function).splitlines()[0]  # type: ignore[union-attr]  # tests: every check has one

    def identifier(self, lesson: Lesson) -> str:
        """The check's name in results, such as ``108.1.dense_fans``."""
        return f"{lesson.number}.{self.exercise}.{self.name}"


def check(exercise: str, points: float) -> Callable[[CheckFunction], CheckFunction]:
    """Declare a function named ``check_…`` to be a check worth ``points``."""

    def declare(function: CheckFunction) -> CheckFunction:
        name = function.__name__.removeprefix("check_")
        function.check = Check(name, exercise, points, function)  # type: ignore[attr-defined]  # functions carry it
        return function

    return declare


def check_of(function: object) -> Check | None:
    """The check that a function was declared to be."""
    found = getattr(function, "check", None)
    return found if isinstance(found, Check) else None


def judge(check: Check, student: Student, rng: Generator, lesson: Lesson, translate: Translate) -> CheckResult:
    """Run one check. A defect of the check is a grader fault, and the student is told so.

    Raises:
        Interrupted: the result would say nothing about the student.

    """
    return result_of(check, lesson, translate, *outcome_of(check, student, rng))


def result_of(check: Check, lesson: Lesson, translate: Translate, outcome: Outcome, text: Text | None) -> CheckResult:
    """The result of a check with this outcome."""
    return CheckResult(
        id=check.identifier(lesson),
        exercise=check.exercise,
        outcome=outcome,
        points=check.points if outcome is Outcome.PASSED else 0,
        max_points=check.points,
        message=text.render(translate) if text else "",
        sentence=translate(check.sentence),
    )


def outcome_of(check: Check, student: Student, rng: Generator) -> tuple[Outcome, Text | None]:
    """Run one check: what came of it, and the sentence that says why, in no language yet.

    Raises:
        Interrupted: the result would say nothing about the student.

    """
    try:
        with (
            np.errstate(all="ignore"),
            warnings.catch_warnings(action="ignore"),
        ):
            check.function(student, rng)
    except Interrupted:
        raise
    except Mismatch as mismatch:
        return Outcome.FAILED, mismatch.text
    except Unanswered as unanswered:
        return unanswered.outcome, unanswered.text
    except GraderFault as fault:
        return Outcome.GRADER_FAULT, fault.text
    except Exception as error:
        return Outcome.GRADER_FAULT, _defect(error)
    return Outcome.PASSED, None


def _defect(error: Exception) -> Text:
    frame = traceback.extract_tb(error.__traceback__)[-1]
    where = f"{frame.name}:{frame.lineno}: {type(error).__name__}: {visible.block(str(error))}"
    return T("The grader itself failed ({where}). This costs you no points; please tell your instructor.", where=where)
