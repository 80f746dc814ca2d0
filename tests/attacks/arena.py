"""Where attacks are graded: people who could be harmed, services that could be reached, and one warm process.

A submission of ``submissions/`` is laid out with three cells in front: ``toolbox.py``; ``PLACES``, which tells where
everything is that a real attacker would have to find; and a ``compute_fans`` that runs ``attack()``, whose answer says
of each attempt whether it was open or closed. A submission with a ``compute_fans`` of its own takes that one's place.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import select
import socket
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from grader.grade import checks_of, results_of
from grader.judge.check import judge
from grader.language.messages import translator
from grader.lesson import ROOT, Lesson
from grader.limits import Limits
from grader.randomness import generator_for
from grader.results import Results
from grader.student.process import Process
from grader.student.remote import RemoteStudent
from grader.student.warm import Warm
from grader.submission.reading import Submission, parse_work
from grader.submission.work import Work
from grader.wire.protocol import Raised, Returned

HERE = Path(__file__).resolve().parent
LESSON = Lesson("108_initialization")
ENGLISH = translator("en")
SEED = 108
HONEST = "def compute_fans(kernel_shape):\n    return right_fans(kernel_shape)\n"
LITTER = ("/attack", "/tmp/attack-was-here", "/dev/shm/attack", "/dev/shm/m", "/dev/mqueue/attack")  # noqa: S108
RUN = "def compute_fans(kernel_shape):\n    return attack()\n"


@dataclass(frozen=True)
class Small(Limits):
    """Limits that an attack reaches soon."""

    wall: float = 0.0

    @property
    def wall_seconds(self) -> float:
        """The given ones, or what follows from CPU seconds."""
        return self.wall or super().wall_seconds


@dataclass(frozen=True)
class Graded:
    """What became of an attack: the record, and every value that the judge was told."""

    results: Results
    values: list[Any]

    @property
    def findings(self) -> dict[str, str]:
        """What ``attack()`` told of its attempts."""
        found = next((value for value in self.values if isinstance(value, dict)), {})
        return {str(name): str(answer) for name, answer in found.items()}


class Witness(RemoteStudent):
    """A student whose answers are kept, to be searched for what should not be in them."""

    def __init__(self, submission: Submission, start: Callable[[], Process]) -> None:
        super().__init__(submission, SEED, start)
        self.values: list[Any] = []

    def call(self, function: str, /, *args: Any, **options: Any) -> Any:
        """As ever, and keep the value."""
        value = super().call(function, *args, **options)
        self.values.append(value)
        return value


class Hurried:
    """A worker that is held to small limits."""

    def __init__(self, process: Process, limits: Small) -> None:
        self._process, self._limits = process, limits

    def __getattr__(self, name: str) -> Any:
        return getattr(self._process, name)

    def ask(self, payload: bytes, ticket: str, _: Limits) -> Returned | Raised:
        """As ever, with other limits."""
        return self._process.ask(payload, ticket, self._limits)


def grade(source: str, names: tuple[str, ...], start: Callable[[], Process], limits: Small | None = None) -> Graded:
    """Grade a submission by these checks of the lesson, with the judge of every other submission."""
    submission = parse_work(Work(LESSON.key, f"{LESSON.key}.py", source.encode()))
    begin = (lambda: Hurried(start(), limits)) if limits else start
    with Witness(submission, begin) as student:
        checks = [
            judge(check, student, generator_for(SEED, check.identifier(LESSON)), LESSON, ENGLISH)
            for check in checks_of(LESSON)
            if check.identifier(LESSON) in names
        ]
        return Graded(results_of(student, checks, ENGLISH), student.values)


def composed(name: str, places: dict[str, Any]) -> str:
    """An attack as a student would hand it in."""
    return laid_out((HERE / "submissions" / f"{name}.py").read_text(encoding="utf-8"), places)


def laid_out(source: str, places: dict[str, Any]) -> str:
    """A submission with the cells in front of it."""
    toolbox = (HERE / "toolbox.py").read_text(encoding="utf-8")
    return "\n# %%\n".join(("import numpy as np", toolbox, f"PLACES = {places!r}", RUN, source))


@dataclass
class Arena:
    """A machine on which somebody grades. ``secret`` stands in every file that is nobody's business."""

    folder: Path
    secret: str = field(default_factory=lambda: secrets.token_hex(16))
    listeners: dict[str, socket.socket] = field(default_factory=dict)
    warm: Warm = field(default_factory=lambda: Warm("strict"))

    def places(self) -> dict[str, Any]:
        """Where everything is."""
        return {
            "home": str(self.folder / "home"),
            "key": str(self.folder / "home/.ssh/id_rsa"),
            "link": str(self.folder / "home/link"),
            "class": str(self.folder / "class"),
            "other": str(self.folder / "class/Ana Pérez_1_assignsubmission_file_"),
            "journal": str(self.folder / "out/journal.sqlite"),
            "scratch": str(self.folder / "scratch"),
            "solutions": str(ROOT / "solutions"),
            "grader": str(ROOT / "grader"),
            "variable": self.secret,
            "judge": os.getpid(),
            "warm": self.warm_pid,
            "tcp": self.listeners["tcp"].getsockname()[1],
            "udp": self.listeners["udp"].getsockname()[1],
            "unix": str(self.folder / "home/service"),
            "datagrams": str(self.folder / "home/datagrams"),
            "abstract": f"arena-{os.getpid()}",
        }

    @property
    def warm_pid(self) -> int:
        """The warm process."""
        return next((process.pid for process in self.processes() if process.ppid() == os.getpid()), 0)

    def compose(self, name: str) -> str:
        """An attack as a student would hand it in."""
        return composed(name, self.places())

    def honest(self) -> str:
        """Somebody else's submission, which is right."""
        return laid_out(HONEST, self.places())

    def processes(self) -> list[psutil.Process]:
        """Every process that was ever started for this arena, wherever it hangs now."""
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process: psutil.Process) -> bool:
        try:
            return process.pid != os.getpid() and process.environ().get("TMPDIR") == str(self.folder / "scratch")
        except psutil.Error:
            return False

    def state(self) -> dict[str, Any]:
        """All that an attack could harm and that must be as it was."""
        folders = [self.folder / name for name in ("home", "class", "out")]
        paths = [path for folder in folders for path in (folder, *folder.rglob("*"))]
        paths += [*(ROOT / "solutions").glob("*.py"), *(ROOT / "lessons/kit").glob("*.py"), *self.scratches()]
        paths += [Path(name) for name in LITTER]
        return {str(path): _look(path) for path in paths if path.exists() or path.is_symlink()}

    def scratches(self) -> list[Path]:
        """What workers left."""
        return list((self.folder / "scratch").iterdir())

    def heard(self) -> list[str]:
        """The services that somebody talked to."""
        ready, _, _ = select.select(self.listeners.values(), [], [], 0)
        return [name for name, listener in self.listeners.items() if listener in ready]

    def settle(self) -> None:
        """Give processes that were killed a moment to be gone."""
        for _ in range(40):
            if len(self.processes()) <= 1 and not self.scratches():
                return
            time.sleep(0.05)


@contextmanager
def opened(folder: Path, monkeypatch: Any) -> Iterator[Arena]:
    """An arena in ``folder``, with its services listening and its warm process running."""
    arena = Arena(folder)
    for name in ("home/.ssh", "scratch", "out", "class/Ana Pérez_1_assignsubmission_file_"):
        (folder / name).mkdir(parents=True)
    monkeypatch.setenv("TMPDIR", str(folder / "scratch"))
    monkeypatch.setenv("HOME", str(folder / "home"))
    monkeypatch.setenv("COURSE_TOKEN", arena.secret)
    monkeypatch.setattr(tempfile, "tempdir", str(folder / "scratch"))
    listen(arena)
    with arena.warm as warm:
        warm.start().close()
        fill(arena)
        try:
            yield arena
        finally:
            for listener in arena.listeners.values():
                listener.close()


def listen(arena: Arena) -> None:
    """Open the services that nobody may reach."""
    stream, datagram = socket.SOCK_STREAM, socket.SOCK_DGRAM
    addresses = {
        "tcp": (socket.AF_INET, stream, ("127.0.0.1", 0)),
        "udp": (socket.AF_INET, datagram, ("0.0.0.0", 0)),  # noqa: S104 - also what comes by broadcast
        "unix": (socket.AF_UNIX, stream, str(arena.folder / "home/service")),
        "datagrams": (socket.AF_UNIX, datagram, str(arena.folder / "home/datagrams")),
        "abstract": (socket.AF_UNIX, stream, f"\0arena-{os.getpid()}"),
    }
    for name, (family, kind, address) in addresses.items():
        arena.listeners[name] = listener = socket.socket(family, kind)
        listener.bind(address)
        if kind == stream:
            listener.listen()


def fill(arena: Arena) -> None:
    """Write the files that nobody may read."""
    places = arena.places()
    for name in (places["key"], places["other"] + "/108_initialization.ipynb", places["journal"]):
        Path(name).write_text(arena.secret, encoding="ascii")
        Path(name).chmod(0o600)
    Path(places["link"]).symlink_to(f"somewhere-{arena.secret}")


def _look(path: Path) -> tuple[Any, ...]:
    found = path.lstat()
    plain = stat.S_ISREG(found.st_mode)
    content = hashlib.sha256(path.read_bytes()).hexdigest() if plain else ""
    return found.st_mode, found.st_uid, found.st_nlink if plain else 0, found.st_mtime_ns if plain else 0, content
