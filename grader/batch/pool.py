"""Runs tasks in job slots: local processes, or a Dask cluster. A slot that is killed costs time, never a result."""

from __future__ import annotations

import multiprocessing
import queue
import signal
import sys
import threading
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from multiprocessing import resource_tracker
from pathlib import Path

import msgspec
import psutil

from grader.batch import slot
from grader.batch.outcome import WorkOutcome
from grader.batch.slot import Task
from grader.faults import GraderFault, Interrupted, OutOfMemory
from grader.language.messages import T

ATTEMPTS = 10
LOST = (BrokenExecutor, CancelledError, Interrupted, OSError)
STOP_SECONDS = 1.0
END_SECONDS = 5.0
DECODER = msgspec.msgpack.Decoder(WorkOutcome)  # made here: msgspec crashes when two threads make one at once

FOR_THE_BATCH = {each for each in signal.Signals if each.name in ("SIGINT", "SIGTERM", "SIGHUP")}

Keyed = tuple[str, Task]
Finished = tuple[str, WorkOutcome | Exception]


@dataclass(frozen=True)
class Slots:
    """Where tasks run: ``make`` gives a new executor with one slot, ``lost`` are the errors of one that was killed."""

    count: int
    make: Callable[[], Executor]
    lost: tuple[type[BaseException], ...] = LOST
    stop: Callable[[], None] = lambda: None


def local_slots(jobs: int, scratch: Path) -> Slots:
    """Slots that are processes of this machine; they make their scratch folders in ``scratch``."""
    context = multiprocessing.get_context("spawn")
    _start_tracker()
    return Slots(
        jobs,
        lambda: ProcessPoolExecutor(1, mp_context=context, initializer=slot.prepare, initargs=(str(scratch),)),
        stop=_kill_children,
    )


def _start_tracker() -> None:
    """Start multiprocessing's own helper now, deaf to signals for all.

    Started later, it would unblock what ``_serve`` blocks; it ignores Ctrl-C, but a SIGHUP would end it.
    """
    if sys.platform == "win32":
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, FOR_THE_BATCH)
    resource_tracker.ensure_running()
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


def outcomes(tasks: Iterable[Keyed], slots: Slots) -> Generator[Finished]:
    """Each task's key with its outcome, as they finish; an exception where the grader failed. Close it to stop.

    Only a few tasks are in memory at once. A task whose slot dies runs again in a new one.

    Args:
        tasks: with a key for each; the next one is drawn when a slot is free, by the slot's thread.
        slots: where they run.

    Raises:
        GraderFault: a slot cannot grade at all; what is not finished is left.

    """
    work = _Run(tasks, slots)
    threads = [threading.Thread(target=_serve, args=(work,), daemon=True) for _ in range(slots.count)]
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            while (item := work.finished.get()) is not None:
                if isinstance(item[1], GraderFault):
                    raise item[1]
                yield item
    finally:
        work.closed = True
        slots.stop()
        for thread in threads:
            thread.join(END_SECONDS)
        slots.stop()  # what a thread was just starting


class _Run:
    """What the threads of a run share: tasks to draw from, a queue for outcomes, whether it is over and ever worked."""

    def __init__(self, tasks: Iterable[Keyed], slots: Slots) -> None:
        self.slots = slots
        self.closed = self.works = False
        self.finished: queue.Queue[Finished | None] = queue.Queue(2 * slots.count)
        self._tasks, self._lock = iter(tasks), threading.Lock()

    def __iter__(self) -> Iterator[Keyed]:
        while True:
            with self._lock:
                task = None if self.closed else next(self._tasks, None)
            if task is None:
                return
            yield task

    def put(self, item: Finished | None) -> None:
        """Hand over an outcome, unless nobody wants it any more."""
        while not self.closed:
            with suppress(queue.Full):
                self.finished.put(item, timeout=STOP_SECONDS / 2)
                return


def _serve(work: _Run) -> None:
    """One slot's life: task after task, executor after executor."""
    if sys.platform != "win32":  # inherited by what is started here
        signal.pthread_sigmask(signal.SIG_BLOCK, FOR_THE_BATCH)
    place = _Place(work)
    try:
        for key, task in work:
            found = place.outcome(task)
            work.put((key, found))
            if isinstance(found, GraderFault):
                break
    except Exception as error:  # of what yields the tasks
        work.put(("", GraderFault(T("The list of submissions broke off ({reason}).", reason=repr(error)))))
    finally:
        place.leave()
        work.put(None)


class _Place:
    """An executor with one slot, replaced when it is lost."""

    def __init__(self, work: _Run) -> None:
        self._work = work
        self._executor: Executor | None = None

    def outcome(self, task: Task) -> WorkOutcome | Exception:
        """The outcome of a task, in as many attempts as it takes."""
        try:
            payload = msgspec.msgpack.encode(task)
            for _ in range(ATTEMPTS):
                found, lost = self._attempt(payload)
                if isinstance(found, (WorkOutcome, OutOfMemory)):  # who runs out of memory has begun to grade
                    self._work.works = True
                if not lost or self._work.closed:
                    return found
                self.leave()
        except Exception as error:
            return error
        if self._work.works:
            return found
        reason = str(found) or type(found).__name__
        return GraderFault(T("The processes that grade do not start or are killed at once ({reason}).", reason=reason))

    def leave(self) -> None:
        """Give up the executor, without waiting."""
        if self._executor is not None:
            with suppress(Exception):
                self._executor.shutdown(wait=False, cancel_futures=True)
        self._executor = None

    def _attempt(self, payload: bytes) -> tuple[WorkOutcome | Exception, bool]:
        """The outcome of one attempt, or its error and whether that was the slot's end."""
        self._executor = self._executor or self._work.slots.make()
        try:
            future = self._executor.submit(slot.run, slot.CODE, payload)
            if self._work.closed:  # the slot may have started after the others were told to end
                self._work.slots.stop()
            return DECODER.decode(future.result()), False
        except Exception as error:
            return error, isinstance(error, self._work.slots.lost)
        except CancelledError as error:  # no Exception since Python 3.8
            return Interrupted(str(error)), True


def _kill_children() -> None:
    """End the slots at once; what they were doing is not in the journal and will be done again.

    With them ends all that they started: what lives on would write into a folder that is being removed.
    """
    children, started = multiprocessing.active_children(), []
    for pid in (process.pid for process in children if process.pid):
        with suppress(psutil.Error):
            started += psutil.Process(pid).children(recursive=True)
    for process in children:
        process.kill()
    for each in started:
        with suppress(psutil.Error):
            each.kill()
    for process in children:
        process.join(END_SECONDS)
    psutil.wait_procs(started, END_SECONDS)
