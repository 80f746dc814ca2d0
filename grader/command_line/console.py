"""What an instructor sees while a batch runs, and what ends it."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.text import Text


@contextmanager
def stoppable() -> Iterator[None]:
    """Let the signals that ask a process to end do what Ctrl-C does, once; a second one does not disturb the end."""
    names = [signal.SIGINT, signal.SIGTERM] + ([signal.SIGHUP] if sys.platform != "win32" else [])
    heard = [number for number in names if signal.getsignal(number) is not signal.SIG_IGN]  # nohup ignores SIGHUP

    def stop(number: int, _frame: object) -> None:
        for each in heard:
            signal.signal(each, signal.SIG_IGN)
        raise KeyboardInterrupt(number)

    before = {number: signal.signal(number, stop) for number in heard}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class PatientConsole(Console):
    """Output that may be cut off, as by `| head`, while the grading goes on."""

    def on_broken_pipe(self) -> None:
        """Say no more."""
        self.quiet = True
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), sys.stdout.fileno())


class RateColumn(ProgressColumn):
    """Submissions per minute."""

    def render(self, task: Task) -> Text:
        """The rate since the start, or nothing yet."""
        return Text(f"{60 * task.speed:.1f}/min" if task.speed else "")


def bar(console: Console, label: str) -> Progress:
    """Count, rate and time left."""
    columns = (BarColumn(), MofNCompleteColumn(), RateColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    return Progress(TextColumn(label), *columns, console=console)
