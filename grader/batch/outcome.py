"""What grading one work gave: what a slot returns, the journal keeps, and the class's rows are made of."""

from __future__ import annotations

import msgspec

from grader.results import Results


class WorkOutcome(msgspec.Struct, frozen=True):
    """Results, or the reason why there are none; the isolation that was in force, and the CPU time of the judge."""

    results: Results | None
    message: str = ""
    layers: list[str] = []
    cpu_seconds: float = 0.0
