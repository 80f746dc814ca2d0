"""A job slot: grades one work after another in a process of its own, with a warm process beside it.

Runs in a local pool's process or in a Dask worker; either way a task carries the work's bytes and returns an outcome.
"""

from __future__ import annotations

import ctypes
import signal
import sys
from functools import cache

import msgspec
import psutil
from threadpoolctl import threadpool_limits

from grader.check import Interrupted
from grader.entries import SubmissionError
from grader.grade import grade
from grader.journal import Outcome
from grader.messages import translator
from grader.submission import Work, parse_work
from grader.warm import Warm

ATTEMPTS = 5
PR_SET_PDEATHSIG = 1


class Conditions(msgspec.Struct, frozen=True):
    """How a batch grades, the same for every work in it."""

    seed: int
    language: str
    sandbox: str
    train_homework: bool


class Task(msgspec.Struct, frozen=True):
    """One work to grade."""

    work: Work
    conditions: Conditions


def prepare() -> None:
    """Make this process a slot of a local batch: Ctrl-C is the batch's business, and there is no life after it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)


def run(payload: bytes) -> bytes:
    """Grade the task in ``payload``; both sides of the call are MessagePack, so that any executor can carry them.

    Raises:
        Interrupted: the warm process died too often.

    """
    task = msgspec.msgpack.decode(payload, type=Task)
    return msgspec.msgpack.encode(_grade(task.work, task.conditions))


def _grade(work: Work, conditions: Conditions) -> Outcome:
    say = translator(conditions.language)
    try:
        submission = parse_work(work)
    except SubmissionError as error:
        return Outcome(None, error.text.render(say))
    warm, before = _warm(conditions.sandbox), _cpu_seconds()
    for attempt in range(ATTEMPTS):
        try:
            results = grade(submission, conditions.seed, say, warm.start, conditions.train_homework)
            return Outcome(results, layers=warm.layers, cpu_seconds=round(_cpu_seconds() - before, 3))
        except Interrupted:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


@cache
def _warm(sandbox: str) -> Warm:
    """The warm process beside this one. Linear algebra here gets one thread: two only wait for each other."""
    threadpool_limits(limits=1, user_api="blas")
    return Warm(sandbox)


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)
