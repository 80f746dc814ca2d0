"""What reading one work may use of the judge's own process: the text is a stranger's, and may grow when parsed."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from grader.handed_file import SubmissionError
from grader.language.messages import T
from grader.limits import READING_BYTES, READING_SECONDS


@contextmanager
def within_limits(name: str) -> Iterator[Callable[[], None]]:
    """Hold what is read in this context to the limits; ``name`` is what messages call the work.

    Yields what is to be called now and then: only there is the CPU time looked at. Memory is limited by the system,
    where that is Linux.

    Raises:
        SubmissionError: reading took more.

    """
    began = time.thread_time()

    def look() -> None:
        if time.thread_time() - began > READING_SECONDS:
            raise SubmissionError(
                T(
                    "Reading {name} takes more than {seconds} seconds; a lesson takes less than one. Hand in the "
                    "lesson's notebook, and keep data out of its code.",
                    name=name,
                    seconds=f"{READING_SECONDS:g}",
                )
            )

    try:
        with _little_memory():
            yield look
            look()
    except MemoryError as error:
        raise SubmissionError(
            T(
                "Reading {name} takes more than {limit} GB of memory; a lesson takes far less. Hand in the lesson's "
                "notebook, and keep data out of its code.",
                name=name,
                limit=f"{READING_BYTES / 2**30:g}",
            )
        ) from error


@contextmanager
def _little_memory() -> Iterator[None]:
    """Let this process have ``READING_BYTES`` of addresses more than it has; then Python raises MemoryError."""
    if sys.platform != "linux":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    wanted = pages * resource.getpagesize() + READING_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (wanted if soft == resource.RLIM_INFINITY else min(wanted, soft), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
