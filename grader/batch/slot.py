"""A job slot: grades one work after another in a process of its own, with a warm process beside it.

Runs in a local pool's process or in a Dask worker; either way a task carries the work's bytes and returns an outcome.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import platform
import signal
import sys
import tempfile
import threading
from functools import cache

import msgspec
import psutil
from threadpoolctl import threadpool_limits

from grader.batch.outcome import WorkOutcome
from grader.deciding import version_hash
from grader.faults import GraderFault, Interrupted
from grader.grade import grade
from grader.handed_file import SubmissionError
from grader.judge.artifacts import Audit
from grader.language.messages import T, translator
from grader.lesson import ROOT
from grader.student.warm import Warm
from grader.submission.reading import parse_work
from grader.submission.work import Work

ATTEMPTS = 3
PR_SET_PDEATHSIG = 1
CODE = version_hash(ROOT)  # of what is loaded here, whatever happens on disk later

_turn = threading.Lock()


class Conditions(msgspec.Struct, frozen=True):
    """How a work is graded: the same for all of a batch, but a task carries the seed of its own work."""

    seed: int
    language: str
    sandbox: str
    train_homework: bool
    audit: Audit = Audit()


class Task(msgspec.Struct, frozen=True):
    """One work to grade."""

    work: Work
    conditions: Conditions


DECODER = msgspec.msgpack.Decoder(Task)  # not made in a thread, as in pool.py


def prepare(scratch: str) -> None:
    """Make this process a slot of a local batch: Ctrl-C is the batch's business, and there is no life after it.

    Args:
        scratch: the batch's folder for scratch folders; it removes what a slot that was killed leaves there.

    """
    tempfile.tempdir = scratch
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    batch = multiprocessing.parent_process()
    if batch is not None and os.getppid() != batch.pid:  # it was killed while this process started
        os._exit(1)


def run(code: str, payload: bytes) -> bytes:
    """Grade the task in ``payload``; both sides of the call are bytes, so that any executor can carry them.

    Args:
        code: the hash of the batch's grader, which must be this one's too.
        payload: a Task as MessagePack; so is the WorkOutcome that is returned.

    Raises:
        GraderFault: nothing can be graded on this machine.
        Interrupted: the warm process died too often.

    """
    if code != CODE:
        raise GraderFault(
            T(
                "The worker on {machine} has another version of the grader or of its libraries than this batch. "
                "Install the same commit with the same constraints.txt there, and start the worker again.",
                machine=platform.node(),
            )
        )
    task = DECODER.decode(payload)
    with _turn:  # a worker with several threads has one warm process all the same
        try:
            return msgspec.msgpack.encode(_grade(task.work, task.conditions))
        finally:
            gc.collect()  # failures hold frames, these the images of the work: memory would grow with the class


def _grade(work: Work, conditions: Conditions) -> WorkOutcome:
    say, began = translator(conditions.language), _cpu_seconds()
    try:
        submission = parse_work(work)
    except SubmissionError as error:
        return WorkOutcome(None, error.text.render(say), cpu_seconds=round(_cpu_seconds() - began, 3))
    reading = _cpu_seconds() - began
    for attempt in range(ATTEMPTS):
        try:
            warm, before = warm_process(conditions.sandbox), _cpu_seconds()
            results = grade(submission, conditions.seed, say, warm.start, conditions.train_homework, conditions.audit)
            return WorkOutcome(results, layers=warm.layers, cpu_seconds=round(reading + _cpu_seconds() - before, 3))
        except Interrupted:
            if attempt == ATTEMPTS - 1:
                raise
    raise AssertionError("unreachable")


@cache
def warm_process(sandbox: str) -> Warm:
    """The warm process beside this one. Linear algebra here gets one thread: two only wait for each other.

    Raises:
        GraderFault: this machine cannot isolate student code as asked, which is found out before there is any.

    """
    threadpool_limits(limits=1, user_api="blas")
    gc.freeze()  # what is there by now stays; collecting after each work need not look at it
    warm = Warm(sandbox)
    try:
        warm.start().close()
    except GraderFault as fault:
        warm.close()
        raise GraderFault(
            T("The machine {machine} cannot grade. {reason}", machine=platform.node(), reason=fault.text)
        ) from fault
    return warm


def _cpu_seconds() -> float:
    times = psutil.Process().cpu_times()
    return float(times.user + times.system)
