"""What goes wrong on the grader's side: it never costs a student a point."""

from __future__ import annotations

from grader.language.messages import Told


class GraderFault(Told):
    """The grader cannot do its part; this costs the student nothing."""


class NoWorker(GraderFault):
    """Workers die here whatever code they are given: nothing can be graded."""


class Interrupted(Exception):
    """The machinery went away under a check, through nobody's fault; what ran must be run again."""


class OutOfMemory(Interrupted):
    """The kernel killed the worker because the machine's memory was full."""
