"""What a command costs: CPU seconds and memory of everything that it starts, wherever that is in the process tree.

Nothing that `wait` reports is enough here: workers are forked by the warm process, which lets the kernel clear them
away, so that their CPU time never reaches their grandparents. Two ways are used instead:

``cgroup``     the kernel's own account of a control group that the command is started in (cgroup version 1 or 2, needs
               the right to make one); exact, with all that is spent on ending processes
``samples``    /proc of every descendant, many times a second, the last reading of each; misses what a process
               uses after its last reading, so that it is a lower bound

Both are taken whenever possible and reported side by side: where they agree, the accounting is right.
"""

from __future__ import annotations

import os
import subprocess
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
SAMPLE_SECONDS = 0.01
GROUPS = (Path("/sys/fs/cgroup/cpuacct"), Path("/sys/fs/cgroup/cpu,cpuacct"), Path("/sys/fs/cgroup"))
REPLY_SECONDS = 7200

Role = Callable[[str, str], str]  # of a process's command line and its parent's role


@dataclass(frozen=True)
class Cost:
    """What a command used. ``cpu`` is the cgroup's account, or the samples' where there is none."""

    wall: float
    cpu: float
    sampled_cpu: float
    exact: bool
    status: int
    peak_rss: Mapping[str, int] = field(default_factory=dict)
    output: str = ""


@dataclass(frozen=True)
class Stat:
    """The few fields of /proc/<pid>/stat that are needed."""

    parent: int
    cpu: float
    rss: int
    started: int


def measure(
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str] | None = None,
    role: Role = lambda _command, _parent: "all",
    sample_seconds: float = SAMPLE_SECONDS,
) -> Cost:
    """Run a command to its end and account for it and its descendants. Its output is kept, both streams as one."""
    with _group() as group:
        sampler = Sampler(role, sample_seconds)
        began = time.monotonic()
        process = subprocess.Popen(  # noqa: S603 - commands of this package
            command,
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            preexec_fn=group.enter,
        )
        sampler.start(process.pid)
        try:
            output, _ = process.communicate(timeout=REPLY_SECONDS)
        finally:
            process.kill()
            wall = time.monotonic() - began
            sampler.stop()
        sampled = sampler.cpu_seconds
        cpu = group.cpu_seconds()
    return Cost(
        wall,
        sampled if cpu is None else cpu,
        sampled,
        cpu is not None,
        process.returncode,
        dict(sampler.peak_rss),
        output,
    )


class Group:
    """A control group for one command, or nothing where none can be made."""

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder

    def enter(self) -> None:
        """Move this process into the group; called in the child, before the command."""
        if self.folder is not None:
            (self.folder / "cgroup.procs").write_text(str(os.getpid()), encoding="ascii")

    def cpu_seconds(self) -> float | None:
        """What all its members, past and present, have used."""
        if self.folder is None:
            return None
        old = self.folder / "cpuacct.usage"
        if old.exists():
            return int(old.read_text(encoding="ascii")) / 1e9
        fields = dict(line.split() for line in (self.folder / "cpu.stat").read_text(encoding="ascii").splitlines())
        return int(fields["usage_usec"]) / 1e6


@contextmanager
def _group() -> Iterator[Group]:
    """A new group, removed afterwards; members that are still ending are waited for."""
    folder = next(filter(None, map(_new_group, GROUPS)), None)
    try:
        yield Group(folder)
    finally:
        for _ in range(100):
            with suppress(OSError):
                if folder is not None:
                    folder.rmdir()
                break
            time.sleep(0.05)


def _new_group(root: Path) -> Path | None:
    _sweep(root)
    folder = root / f"grader-benchmark-{os.getpid()}-{threading.get_ident()}"
    try:
        folder.mkdir()
        if (folder / "cpuacct.usage").exists() or (folder / "cpu.stat").exists():
            return folder
        folder.rmdir()
    except OSError:
        pass
    return None


def _sweep(root: Path) -> None:
    """Remove the groups that a killed benchmark left; one that is not empty stays."""
    for folder in root.glob("grader-benchmark-*"):
        if not Path("/proc", folder.name.split("-")[2]).exists():
            with suppress(OSError):
                folder.rmdir()


class Sampler:
    """Reads /proc of a process and its descendants until stopped."""

    def __init__(self, role: Role, seconds: float) -> None:
        self.peak_rss: dict[str, int] = defaultdict(int)
        self._last: dict[tuple[int, int], float] = {}
        self._known: dict[tuple[int, int], str] = {}
        self._roles: dict[int, str] = {}
        self._role, self._seconds = role, seconds
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None

    @property
    def cpu_seconds(self) -> float:
        """The sum of the last readings."""
        return sum(self._last.values())

    def start(self, root: int) -> None:
        """Watch ``root`` and its descendants in a thread."""
        self._thread = threading.Thread(target=self._watch, args=(root,), daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop watching."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()

    def _watch(self, root: int) -> None:
        while not self._stopped.wait(self._seconds):
            for pid, stat in family(root).items():
                key = (pid, stat.started)
                self._last[key] = stat.cpu
                role = self._role_of(pid, key, stat)
                if role:
                    self.peak_rss[role] = max(self.peak_rss[role], stat.rss)

    def _role_of(self, pid: int, key: tuple[int, int], stat: Stat) -> str:
        """Settled at the second look: between fork and exec a process is called what its parent is called."""
        known = self._known.get(key)
        if known == "":
            known = self._role(_command(pid), self._roles.get(stat.parent, ""))
        self._known[key] = self._roles[pid] = known or ""
        return known or ""


def family(root: int) -> dict[int, Stat]:
    """A process and its descendants, as far as their parents live."""
    stats = {pid: stat for pid in _pids() if (stat := read_stat(pid)) is not None}
    children: dict[int, list[int]] = defaultdict(list)
    for pid, stat in stats.items():
        children[stat.parent].append(pid)
    found, waiting = {}, [root]
    while waiting:
        pid = waiting.pop()
        if pid in stats:
            found[pid] = stats[pid]
            waiting += children[pid]
    return found


def read_stat(pid: int) -> Stat | None:
    """What /proc says of a process, or None when it is gone."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    fields = text[text.rindex(")") + 2 :].split()
    cpu = sum(map(int, fields[11:13])) / TICKS
    return Stat(int(fields[1]), cpu, int(fields[21]) * PAGE, int(fields[19]))


def _pids() -> Iterator[int]:
    return (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode("utf-8", "replace")
    except OSError:
        return ""
