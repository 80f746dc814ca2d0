"""One graded submission of a batch: who handed it in, and what became of it."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from grader.lms.flags import Lms
from grader.results import Results


class Status(StrEnum):
    """What became of a submission; ``FAULT`` is the grader's own and costs nobody a point."""

    GRADED = "graded"
    UNREADABLE = "unreadable"
    FAULT = "fault"


class Graded(msgspec.Struct, frozen=True):
    """A row of the batch. ``results`` is there unless the submission was unreadable or the grader failed altogether.

    ``submission`` is the name as the LMS gave it, ``lms_id`` how the LMS knows the student ("" if the name does not
    say), ``message`` why there are no results, and ``layers`` the isolation that was in force.
    """

    key: str
    submission: str
    student: str
    lms: Lms
    lms_id: str
    lesson: str
    status: Status
    flags: list[str] = []
    message: str = ""
    results: Results | None = None
    layers: list[str] = []
    cpu_seconds: float = 0.0

    @property
    def is_final(self) -> bool:
        """Whether the points may be handed on: nothing is open, by the grader's own fault or for want of a mark."""
        results = self.results
        if self.status is not Status.GRADED or results is None:
            return False
        return not (results.pending_points or results.unmarked_points)


def encode(graded: Graded) -> bytes:
    """The record as JSON."""
    return msgspec.json.encode(graded)


def decode(content: bytes) -> Graded:
    """The record in ``content``.

    Raises:
        msgspec.ValidationError: it is JSON, but no such record.
        msgspec.DecodeError: it is not JSON.

    """
    return msgspec.json.decode(content, type=Graded)
