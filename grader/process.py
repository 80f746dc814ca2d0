"""A worker process as its parent sees it: start, ask, watch the limits, end it with everything it started.

Works on Linux, macOS and Windows: psutil reads CPU time and memory, threads read the pipes.
"""

from __future__ import annotations

import os
import queue
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import BinaryIO

import psutil

from grader import protocol
from grader.check import GraderFault
from grader.lesson import ROOT
from grader.messages import T, Text, clean
from grader.protocol import ConnectionLost, ProtocolError, Raised, Ready, Returned

START_SECONDS = 300.0
MEMORY_BYTES = 4 * 2**30
POLL_SECONDS = 0.05
WATCH_SECONDS = 0.25
THREADS = "2"
KEPT_OUTPUT = 16 * 2**10
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "NUMBER_OF_PROCESSORS"),
)

OnWait = Callable[[float, str], None]


@dataclass(frozen=True)
class Limits:
    """What one call may use. CPU time decides, whatever else the machine does; wall time only ends what sleeps."""

    cpu_seconds: float
    memory_bytes: int = MEMORY_BYTES

    @property
    def wall_seconds(self) -> float:
        """Generous, so that a loaded machine costs nobody a point."""
        return 30 + 8 * self.cpu_seconds


class WorkerGone(Exception):
    """The worker ended, or spoke out of turn; ``reason`` says how."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.template)
        self.reason = reason


class Exhausted(Exception):
    """The worker used up a limit; ``text`` says which."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.template)
        self.text = text


def _quietly(_elapsed: float, _line: str) -> None:
    """Nobody watches."""


class Process:
    """One worker process with its connection."""

    def __init__(
        self, process: subprocess.Popen[bytes], scratch: tempfile.TemporaryDirectory[str], on_wait: OnWait
    ) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self.versions: dict[str, str] = {}
        self._process = process
        self._family = psutil.Process(process.pid)
        self._scratch = scratch
        self._on_wait = on_wait
        self._requests: BinaryIO = process.stdin  # type: ignore[assignment]  # opened in binary mode
        self._replies: queue.Queue[protocol.Message | Exception] = queue.Queue(maxsize=4)
        self._output = Output()
        _in_background(_read_replies, process.stdout, self._replies)
        _in_background(self._output.drain, process.stderr)

    @classmethod
    def start(cls, on_wait: OnWait = _quietly) -> Process:
        """Start a worker and wait until it has imported TensorFlow; no student code has run then.

        Raises:
            GraderFault: it does not start here.

        """
        scratch = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
        process = subprocess.Popen(
            [sys.executable, "-P", "-m", "grader.worker"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=scratch.name,
            env=environment(),
            start_new_session=sys.platform != "win32",  # Ctrl-C is for the judge, and /dev/tty is out of reach
        )
        started = cls(process, scratch, on_wait)
        started._await_ready()
        return started

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            try:
                message = self._replies.get(timeout=POLL_SECONDS)
            except queue.Empty:
                continue
            if isinstance(message, Ready):
                self.versions = message.versions
                return
            break
        self.close()
        raise GraderFault(
            T(
                "The process for your code does not start here ({reason}). This costs you no points; run the "
                "installation again.",
                reason=self._output.last_line() or "timeout",
            )
        )

    def send(self, payload: bytes) -> None:
        """Hand over a message without waiting: a worker that does not read must not stop the judge."""
        _in_background(_send, self._requests, payload)

    def ask(self, payload: bytes, ticket: str, limits: Limits) -> Returned | Raised:
        """The reply to a call.

        Raises:
            Exhausted: it took more CPU time, memory or wall time than ``limits`` allow.
            WorkerGone: the worker ended or sent something else.

        """
        watch = Watch(self._family, limits)
        self.send(payload)
        while True:
            try:
                message = self._replies.get(timeout=POLL_SECONDS)
            except queue.Empty:
                watch.look()
                self._on_wait(watch.elapsed, self._output.last_line())
                continue
            if isinstance(message, (Returned, Raised)) and message.ticket == ticket:
                return message
            raise WorkerGone(self._reason(message))

    def _reason(self, message: protocol.Message | Exception) -> Text:
        if not isinstance(message, ConnectionLost):
            return T("it sent a message that was not asked for")
        try:
            code = self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return T("it closed its connection")
        return T("exit code {code}", code=code)

    def close(self) -> None:
        """Kill the worker and what it started, and remove its scratch folder."""
        for process in [*_descendants(self._family), self._family]:
            try:
                process.kill()
            except psutil.Error:
                continue
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout, self._process.stderr):
            _close(stream)
        self._scratch.cleanup()


class Watch:
    """Measures what a call uses, from when it is made."""

    def __init__(self, family: psutil.Process, limits: Limits) -> None:
        self._family, self._limits = family, limits
        self._began, self._looked = time.monotonic(), time.monotonic()
        self._cpu_before = _cpu_seconds([family])

    @property
    def elapsed(self) -> float:
        """Wall seconds since the call."""
        return time.monotonic() - self._began

    def look(self) -> None:
        """Compare with the limits, a few times a second. Raises Exhausted."""
        if time.monotonic() - self._looked < WATCH_SECONDS:
            return
        self._looked = time.monotonic()
        members = [self._family, *_descendants(self._family)]
        limits = self._limits
        if _cpu_seconds(members) - self._cpu_before > limits.cpu_seconds:
            raise Exhausted(
                T(
                    "It computed for more than {seconds} seconds of CPU time. Look for a loop that never ends.",
                    seconds=f"{limits.cpu_seconds:g}",
                )
            )
        if _memory_bytes(members) > limits.memory_bytes:
            raise Exhausted(T("It took more than {limit} GB of memory.", limit=f"{limits.memory_bytes / 2**30:g}"))
        if self.elapsed > limits.wall_seconds:
            raise Exhausted(
                T(
                    "It did not answer within {seconds} seconds. Is it waiting for something?",
                    seconds=f"{limits.wall_seconds:g}",
                )
            )


class Output:
    """What the worker prints: read all of it, keep the end."""

    def __init__(self) -> None:
        self._end = b""

    def drain(self, stream: BinaryIO) -> None:
        """Read until the stream ends, so that the worker never waits for a reader."""
        while part := os.read(stream.fileno(), 2**16):
            self._end = (self._end + part)[-KEPT_OUTPUT:]

    def last_line(self) -> str:
        """The last line that is not empty, fit for a terminal."""
        lines = self._end.decode("utf-8", "replace").replace("\r", "\n").splitlines()
        return next((line for line in map(clean, reversed(lines)) if line), "")


def environment() -> dict[str, str]:
    """The worker's environment: nothing of the judge's but what Python and TensorFlow need."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {
        "PYTHONPATH": os.pathsep.join((str(ROOT), str(ROOT / "lessons"))),
        "PYTHONHASHSEED": "0",
        "PYTHONIOENCODING": "utf-8:replace",
        "PYTHONWARNINGS": "ignore",
        "KERAS_BACKEND": "tensorflow",
        "MPLBACKEND": "agg",
        "CUDA_VISIBLE_DEVICES": "-1",
        "TF_CPP_MIN_LOG_LEVEL": "3",
        "TF_NUM_INTRAOP_THREADS": THREADS,
        "TF_NUM_INTEROP_THREADS": THREADS,
        "OMP_NUM_THREADS": THREADS,
    }


def _read_replies(stream: BinaryIO, replies: queue.Queue[protocol.Message | Exception]) -> None:
    try:
        while True:
            replies.put(protocol.decode(protocol.receive(stream, protocol.MAX_REPLY_BYTES)))
    except (ConnectionLost, ProtocolError) as error:
        replies.put(error)
    except (OSError, ValueError):  # the stream was closed because the worker is being ended
        replies.put(ConnectionLost())


def _send(stream: BinaryIO, payload: bytes) -> None:
    try:
        protocol.send(stream, payload)
    except (OSError, ValueError):  # the worker is gone; the reply's reader tells
        return


def _in_background(function: Callable[..., None], *args: object) -> None:
    threading.Thread(target=function, args=args, daemon=True).start()


def _descendants(process: psutil.Process) -> list[psutil.Process]:
    try:
        return list(process.children(recursive=True))
    except psutil.Error:
        return []


def _cpu_seconds(processes: Iterable[psutil.Process]) -> float:
    return sum(_reading(process, lambda p: sum(p.cpu_times()[:4])) for process in processes)


def _memory_bytes(processes: Iterable[psutil.Process]) -> float:
    return sum(_reading(process, lambda p: p.memory_info().rss) for process in processes)


def _reading(process: psutil.Process, read: Callable[[psutil.Process], float]) -> float:
    try:
        return read(process)
    except psutil.Error:
        return 0


def _close(stream: object) -> None:
    try:
        stream.close()  # type: ignore[attr-defined]  # a pipe's file object
    except (OSError, ValueError):
        return
