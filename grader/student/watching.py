"""What a call may use, measured on the process that answers it and on all that it started, by psutil."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import psutil

from grader.language.messages import T, Told
from grader.limits import MAX_THREADS, Limits

KILL_SECONDS = 5.0
POLL_SECONDS = 0.005
WATCH_SECONDS = 0.25
FAMILY_SECONDS = 2.0  # looking for new descendants reads every process of the machine


class Exhausted(Told):
    """The worker used up a limit; ``text`` says which."""


class Family:
    """A process with all that it started. Finding new members reads the whole process table, so it is done rarely."""

    def __init__(self, pid: int) -> None:
        self._head = psutil.Process(pid)
        self._members: list[psutil.Process] = [self._head]
        self._counted = 0.0

    def count(self) -> None:
        """Look for members that were started since."""
        if time.monotonic() - self._counted > FAMILY_SECONDS:
            self._members = [self._head, *_descendants(self._head)]
            self._counted = time.monotonic()

    def cpu_seconds(self) -> float:
        """CPU time of the members that still run, and of those that ended and were waited for."""
        return sum(_reading(member, lambda p: sum(p.cpu_times()[:4])) for member in self._members)

    def memory_bytes(self) -> float:
        """Resident memory of the members, with what the kernel keeps to find it."""
        return sum(_reading(member, lambda p: p.memory_info().rss + _page_tables(p.pid)) for member in self._members)

    def threads(self) -> float:
        """Threads of the members."""
        return sum(_reading(member, lambda p: p.num_threads()) for member in self._members)

    def kill(self) -> None:
        """Kill them all, descendants first."""
        family = [*_descendants(self._head), self._head]
        for process in family:
            with suppress(psutil.Error):
                process.kill()
        deadline = time.monotonic() + KILL_SECONDS
        while any(map(lives, family[:-1])) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)


def kill_marked(name: str, value: str) -> None:
    """Kill the processes that carry this variable in their environment: what left its family still carries it."""
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(name) == value:
                process.kill()


class Watch:
    """Measures what a call uses, from when it is made."""

    def __init__(self, family: Family, limits: Limits) -> None:
        self.limits = limits
        self._family, self._kills_before = family, out_of_memory_kills()
        self._began = self._looked = time.monotonic()
        family.count()
        self._cpu_before = family.cpu_seconds()

    @property
    def elapsed(self) -> float:
        """Wall seconds since the call."""
        return time.monotonic() - self._began

    def memory_ran_out(self) -> bool:
        """Whether the kernel killed something on this machine since the call because there was no memory left."""
        return out_of_memory_kills() > self._kills_before

    def look(self) -> None:
        """Compare with the limits, a few times a second. Raises Exhausted."""
        if time.monotonic() - self._looked < WATCH_SECONDS:
            return
        self._looked = time.monotonic()
        self._family.count()
        limits = self.limits
        if self._family.cpu_seconds() - self._cpu_before > limits.cpu_seconds:
            raise Exhausted(
                T(
                    "It computed for more than {seconds} seconds of CPU time. Look for a loop that never ends.",
                    seconds=f"{limits.cpu_seconds:g}",
                )
            )
        if self._family.memory_bytes() > limits.memory_bytes:
            raise Exhausted(T("It took more than {limit} GB of memory.", limit=f"{limits.memory_bytes / 2**30:g}"))
        if self._family.threads() > MAX_THREADS:
            raise Exhausted(T("It started more than {limit} threads.", limit=MAX_THREADS))
        if self.elapsed > limits.wall_seconds:
            raise Exhausted(
                T(
                    "It did not answer within {seconds} seconds. Is it waiting for something?",
                    seconds=f"{limits.wall_seconds:g}",
                )
            )


def out_of_memory_kills() -> int:
    """How often the kernel killed for want of memory, in the machine or in a cgroup; 0 where nobody counts."""
    try:
        lines = Path("/proc/vmstat").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("oom_kill ")), 0)


def _page_tables(pid: int) -> int:
    """Bytes of a process's page tables, which are no resident memory: 4 KiB for each 2 MiB of addresses looked at.

    0 where the system does not tell.
    """
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmPTE:")), 0)


def lives(process: psutil.Process) -> bool:
    """Whether it still runs. A zombie does not, and until init clears it away seconds may pass."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.Error:
        return False


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _reading(process: psutil.Process, read: Callable[[psutil.Process], float]) -> float:
    try:
        return read(process)
    except psutil.Error:
        return 0
