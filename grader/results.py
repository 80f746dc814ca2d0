"""The record of a run: what each check found and how many points that is, as Python objects and as JSON.

The JSON's form is documented in docs/results.md; ``SCHEMA`` changes whenever a field changes its meaning or goes away.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path

import msgspec

from grader.files import write_whole

SCHEMA = 1


class Outcome(StrEnum):
    """What became of a check. Only ``PASSED`` earns points; ``GRADER_FAULT`` leaves its points open."""

    PASSED = "passed"
    FAILED = "failed"
    ERROR = "error"
    NOT_RUN = "not_run"
    GRADER_FAULT = "grader_fault"

    @property
    def glyph(self) -> str:
        """One character for it, in tables and on pages."""
        return GLYPHS[self]


GLYPHS = {
    Outcome.PASSED: "✔",
    Outcome.FAILED: "✘",
    Outcome.ERROR: "✘",
    Outcome.NOT_RUN: "·",
    Outcome.GRADER_FAULT: "!",
}


class CheckResult(msgspec.Struct, frozen=True):
    """One check's outcome. ``sentence`` is what is checked, ``message`` why it did not pass (empty if it did)."""

    id: str
    exercise: str
    outcome: Outcome
    points: float
    max_points: float
    message: str
    sentence: str


class OpenAnswer(msgspec.Struct, frozen=True):
    """An open question and what the student wrote; ``points`` (None if not given) and ``comment`` are the marker's."""

    number: int
    question: str
    answer: str
    max_points: float
    points: float | None = None
    comment: str = ""


class Curve(msgspec.Struct, frozen=True):
    """A labelled row of numbers, as the student's code reported it: a claim, for people to look at."""

    label: str
    values: list[float]


class Exhibit(msgspec.Struct, frozen=True):
    """A plot that can be drawn again without the student's code: ``kind`` is ``lines`` or ``bars``."""

    title: str
    kind: str
    curves: list[Curve]


class Results(msgspec.Struct, frozen=True):
    """All checks of one submission in one lesson. ``pending_points``: of checks that the grader itself spoiled.

    ``with_marks`` says whether ``points`` and ``max_points`` include those of the open questions.
    """

    schema: int
    lesson: str
    submission: str
    seed: int
    points: float
    max_points: float
    pending_points: float
    checks: list[CheckResult]
    notices: list[str] = []
    versions: dict[str, str] = {}
    exhibits: list[Exhibit] = []
    open_answers: list[OpenAnswer] = []
    with_marks: bool = False

    @property
    def unmarked_points(self) -> float:
        """Points that are still to be given to open answers; 0 as long as these do not count."""
        waiting = (each.max_points for each in self.open_answers if each.answer and each.points is None)
        return _round(waiting) if self.with_marks else 0.0

    @property
    def complete(self) -> bool:
        """Whether every check passed."""
        return all(check.outcome is Outcome.PASSED for check in self.checks)


def collect(
    lesson: str,
    submission: str,
    seed: int,
    checks: Iterable[CheckResult],
    notices: Iterable[str] = (),
    versions: dict[str, str] | None = None,
    exhibits: Iterable[Exhibit] = (),
    open_answers: Iterable[OpenAnswer] = (),
) -> Results:
    """Sum up the checks of a run."""
    checks = list(checks)
    return Results(
        schema=SCHEMA,
        lesson=lesson,
        submission=submission,
        seed=seed,
        points=_round(check.points for check in checks),
        max_points=_round(check.max_points for check in checks),
        pending_points=_round(check.max_points for check in checks if check.outcome is Outcome.GRADER_FAULT),
        checks=checks,
        notices=list(notices),
        versions=versions or {},
        exhibits=list(exhibits),
        open_answers=list(open_answers),
    )


def write_json(results: Results, path: Path) -> None:
    """Write the record as JSON. Raises OSError when it cannot be written; a file that was there stays whole."""
    write_whole(path, msgspec.json.format(msgspec.json.encode(results), indent=2) + b"\n")


def read_json(path: Path) -> Results:
    """Read a record back. Raises msgspec.ValidationError when it is not of this schema."""
    results = msgspec.json.decode(path.read_bytes(), type=Results)
    if results.schema != SCHEMA:
        raise msgspec.ValidationError(f"schema {results.schema} instead of {SCHEMA}")
    return results


def _round(points: Iterable[float]) -> float:
    return round(sum(points), 2)
