"""Where the laws of test_check_laws.py hold for a lesson: each student_<lesson>.py says it beside its stand-in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.support.judging import Checks


@dataclass(frozen=True)
class Laws:
    """A lesson, the student who solves it, and where a law cannot hold."""

    checks: Checks
    right: Callable[..., Any]
    raising: tuple[str, ...]  # right is what raises: there is no answer to be recorded
    same_in_every_run: tuple[str, ...]  # they look at the form, at what every right training shows, or at right draws
    trials: dict[str, int] = field(default_factory=dict)  # fewer where the judge trains
