"""A worker process as its parent sees it: ask, watch the limits, end it with everything it started.

Works on Linux, macOS and Windows: psutil reads CPU time and memory, threads read the pipes.
"""

from __future__ import annotations

import os
import queue
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO
from typing import Protocol as TypingProtocol

from grader.faults import GraderFault, Interrupted
from grader.isolation.scratch import Scratch
from grader.language import visible
from grader.language.messages import T, Text, Told
from grader.limits import START_SECONDS, Limits
from grader.student.watching import Family, Watch, kill_marked
from grader.wire import protocol
from grader.wire.protocol import ConnectionLost, ProtocolError, Raised, Ready, Returned

POLL_SECONDS = 0.1
SETTLE_SECONDS = 0.1
MARK = "GRADER_SCRATCH"  # in the environment of a worker without a pid namespace, and of all that it starts
KEPT_OUTPUT = 16 * 2**10
OnWait = Callable[[float, Callable[[], str]], None]


class WorkerGone(Told):
    """The worker ended, or spoke out of turn; ``text`` says how."""


def quietly(_elapsed: float, _last_line: Callable[[], str]) -> None:
    """Nobody watches."""


class Child(TypingProtocol):
    """An operating-system process, however it was started."""

    @property
    def pid(self) -> int:
        """Its process id."""

    def wait(self, timeout: float | None = None) -> int | None:
        """The exit code once it has ended; None if nobody can tell. Raises subprocess.TimeoutExpired."""


@dataclass(frozen=True)
class Pipes:
    """The parent's ends of a worker's standard streams."""

    requests: BinaryIO
    replies: BinaryIO
    output: BinaryIO


class Process:
    """One worker process with its connection."""

    def __init__(
        self,
        child: Child,
        pipes: Pipes,
        scratch: Scratch,
        on_wait: OnWait = quietly,
        *,
        is_marked: bool = False,
    ) -> None:
        self.versions: dict[str, str] = {}
        self.layers: list[str] = []
        self.excuse: Callable[[Watch], Interrupted | None] = lambda _: None  # why its end is nobody's fault
        self._child = child
        self._family = Family(child.pid)
        self._pipes = pipes
        self._scratch = scratch
        self._is_marked = is_marked
        self._on_wait = on_wait
        self._over = threading.Event()
        self._outbox: queue.Queue[bytes] = queue.Queue()
        self._replies: queue.Queue[protocol.Message | Exception] = queue.Queue(maxsize=4)
        self._output = Output()
        _in_background(_send_all, pipes.requests, self._outbox)
        _in_background(_read_replies, pipes.replies, self._replies, self._over)
        _in_background(self._output.drain, pipes.output)

    @property
    def pid(self) -> int:
        """The worker's process id, as its parent sees it."""
        return self._child.pid

    def await_ready(self) -> None:
        """Wait until the worker has imported TensorFlow; no student code has run then.

        Raises:
            GraderFault: it does not start here.
            Interrupted: it ended through nobody's fault.

        """
        watch = Watch(self._family, Limits(START_SECONDS))
        try:
            message = self._replies.get(timeout=START_SECONDS)
        except queue.Empty:
            message = TimeoutError()
        if isinstance(message, Ready):
            self.versions, self.layers = message.versions, message.layers
            return
        try:
            self._blame_only_the_worker(watch)
        finally:
            self.close()
        raise GraderFault(
            T(
                "The process for your code does not start here ({reason}). This costs you no points; run the "
                "installation again.",
                reason=self._output.last_line() or type(message).__name__,
            )
        )

    def last_line(self) -> str:
        """The last line that the worker printed."""
        return self._output.last_line()

    def send(self, payload: bytes) -> None:
        """Hand over a message without waiting: a worker that does not read must not stop the judge."""
        self._outbox.put(payload)

    def ask(self, payload: bytes, ticket: str, limits: Limits) -> Returned | Raised:
        """The reply to a call.

        Raises:
            Exhausted: it took more CPU time, memory or wall time than ``limits`` allow.
            Interrupted: the worker ended through nobody's fault.
            WorkerGone: the worker ended or sent something else.

        """
        watch = Watch(self._family, limits)
        self.send(payload)
        while True:
            try:
                message = self._replies.get(timeout=POLL_SECONDS)
            except queue.Empty:
                if self._has_ended():
                    self._blame_only_the_worker(watch)
                    raise WorkerGone(self._reason(ConnectionLost())) from None
                watch.look()
                self._on_wait(watch.elapsed, self._output.last_line)
                continue
            if isinstance(message, (Returned, Raised)) and message.ticket == ticket:
                return message
            self._blame_only_the_worker(watch)
            raise WorkerGone(self._reason(message))

    def _has_ended(self) -> bool:
        """Whether the worker is gone although somebody that it started still holds its end of the pipes."""
        try:
            self._child.wait(timeout=0)
        except subprocess.TimeoutExpired:
            return False
        return self._replies.empty()

    def _blame_only_the_worker(self, watch: Watch) -> None:
        """A worker that went down with what started it, or with the machine, says nothing about the student."""
        time.sleep(SETTLE_SECONDS)
        if excuse := self.excuse(watch):
            raise excuse

    def _reason(self, message: protocol.Message | Exception) -> Text:
        if not isinstance(message, ConnectionLost):
            return T("it sent a message that was not asked for")
        try:
            code = self._child.wait(timeout=2)
        except subprocess.TimeoutExpired:
            return T("it closed its connection")
        if code is None:
            return T("it ended")
        if code < 0:
            return T("signal {signal}: memory ran out, or native code crashed", signal=-code)
        return T("exit code {code}", code=code)

    def close(self) -> None:
        """Kill the worker and what it started, and remove its scratch folder."""
        self._family.kill()
        if self._is_marked:
            kill_marked(MARK, str(self._scratch.path))
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(timeout=10)
        self._over.set()
        self._outbox.put(b"")  # the threads close the pipes: closing one under a reader would wait for the reader
        self._scratch.remove()


class Output:
    """What the worker prints: read all of it, keep the end."""

    def __init__(self) -> None:
        self._end = b""

    def drain(self, stream: BinaryIO) -> None:
        """Read until the stream ends, so that the worker never waits for a reader."""
        with stream:
            while part := os.read(stream.fileno(), 2**16):
                self._end = (self._end + part)[-KEPT_OUTPUT:]

    def last_line(self) -> str:
        """The last line that is not empty, fit for a terminal."""
        lines = self._end.decode("utf-8", "replace").replace("\r", "\n").splitlines()
        return next((line for line in map(visible.block, reversed(lines)) if line), "")


def _read_replies(stream: BinaryIO, replies: queue.Queue[protocol.Message | Exception], over: threading.Event) -> None:
    with stream:
        while not over.is_set():
            message = _next_message(stream)
            while not over.is_set():
                with suppress(queue.Full):
                    replies.put(message, timeout=1)
                    break
            if isinstance(message, Exception):
                return


def _next_message(stream: BinaryIO) -> protocol.Message | Exception:
    try:
        return protocol.decode(protocol.receive(stream, protocol.MAX_REPLY_BYTES))
    except (ConnectionLost, ProtocolError) as error:
        return error
    except (OSError, ValueError):
        return ConnectionLost()


def _send_all(stream: BinaryIO, outbox: queue.Queue[bytes]) -> None:
    with suppress(OSError, ValueError), stream:  # the worker is gone; the reader of its replies tells
        while payload := outbox.get():
            protocol.send(stream, payload)


def _in_background(function: Callable[..., None], *args: object) -> None:
    threading.Thread(target=function, args=args, daemon=True).start()
