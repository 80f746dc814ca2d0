"""Runs tasks in job slots: local processes, or a Dask cluster. A slot that is killed costs time, never a result."""

from __future__ import annotations

import multiprocessing
import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, ProcessPoolExecutor
from contextlib import suppress
from dataclasses import dataclass

import msgspec

from grader import slot
from grader.check import Interrupted
from grader.journal import Outcome
from grader.slot import Task

ATTEMPTS = 20
LOST = (BrokenExecutor, CancelledError, Interrupted, OSError)

Keyed = tuple[str, Task]


@dataclass(frozen=True)
class Slots:
    """Where tasks run: ``make`` gives a new executor with one slot, ``lost`` are the errors of one that was killed."""

    count: int
    make: Callable[[], Executor]
    lost: tuple[type[BaseException], ...] = LOST
    stop: Callable[[], None] = lambda: None


def local_slots(jobs: int) -> Slots:
    """Slots that are processes of this machine."""
    context = multiprocessing.get_context("spawn")
    return Slots(
        jobs, lambda: ProcessPoolExecutor(1, mp_context=context, initializer=slot.prepare), stop=_kill_children
    )


def outcomes(tasks: Iterable[Keyed], slots: Slots) -> Iterator[tuple[str, Outcome | Exception]]:
    """Each task's key with its outcome, as they finish; an exception where the grader failed.

    Only a few tasks are in memory at once. A task whose slot dies runs again in a new one.
    """
    source, finished = _Shared(tasks), queue.Queue[tuple[str, Outcome | Exception] | None](2 * slots.count)
    threads = [threading.Thread(target=_serve, args=(source, slots, finished), daemon=True) for _ in range(slots.count)]
    for thread in threads:
        thread.start()
    try:
        for _ in threads:
            while (item := finished.get()) is not None:
                yield item
    finally:
        source.close()
        slots.stop()


class _Shared:
    """An iterator that several threads draw from."""

    def __init__(self, tasks: Iterable[Keyed]) -> None:
        self._tasks, self._lock, self._closed = iter(tasks), threading.Lock(), False

    def __iter__(self) -> Iterator[Keyed]:
        while True:
            with self._lock:
                task = None if self._closed else next(self._tasks, None)
            if task is None:
                return
            yield task

    def close(self) -> None:
        """Give out nothing more."""
        self._closed = True


def _serve(source: _Shared, slots: Slots, finished: queue.Queue[tuple[str, Outcome | Exception] | None]) -> None:
    """One slot's life: task after task, executor after executor."""
    executor = slots.make()
    try:
        for key, task in source:
            payload = msgspec.msgpack.encode(task)
            for _ in range(ATTEMPTS):
                found, lost = _attempt(executor, payload, slots.lost)
                if not lost:
                    break
                executor.shutdown(wait=False, cancel_futures=True)
                executor = slots.make()
            finished.put((key, found))
    finally:
        with suppress(Exception):
            executor.shutdown(wait=False, cancel_futures=True)
        finished.put(None)


def _attempt(
    executor: Executor, payload: bytes, lost: tuple[type[BaseException], ...]
) -> tuple[Outcome | Exception, bool]:
    """The outcome of one attempt, or its error and whether that was the slot's end."""
    try:
        return msgspec.msgpack.decode(executor.submit(slot.run, payload).result(), type=Outcome), False
    except Exception as error:
        return error, isinstance(error, lost)
    except CancelledError as error:  # no Exception since Python 3.8
        return Interrupted(str(error)), True


def _kill_children() -> None:
    """End the slots at once; what they were doing is not in the journal and will be done again."""
    for process in multiprocessing.active_children():
        process.kill()
