"""The judge's side of a warm process: asks it for a worker per submission, starts it again when it is gone (Linux)."""

from __future__ import annotations

import math
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import BinaryIO

import msgspec
import psutil

from grader.faults import GraderFault, Interrupted, OutOfMemory
from grader.isolation.environment import environment
from grader.isolation.layering import REQUIRED, is_enough
from grader.isolation.scratch import Scratch
from grader.language import visible
from grader.language.messages import T
from grader.limits import START_SECONDS
from grader.student.process import OnWait, Pipes, Process, quietly
from grader.student.watching import POLL_SECONDS, Watch, lives

END_SECONDS = 2.0
MAX_ANSWER = 64
ENDING = msgspec.msgpack.Decoder(tuple[int, int])  # not made in a thread, as in the batch's pool


class WarmProcessGone(Interrupted):
    """The warm process died; what its workers were doing must be done again."""


class Isolation(GraderFault):
    """Student code cannot be isolated on this machine as asked."""


class Warm:
    """A warm process. Use it in a ``with`` statement.

    Args:
        sandbox: ``strict`` refuses workers without file and network isolation; ``none`` isolates nothing.

    """

    def __init__(self, sandbox: str = "strict") -> None:
        self.layers: list[str] = []
        self._sandbox = sandbox
        self._process: subprocess.Popen[bytes] | None = None
        self._control: socket.socket | None = None

    def __enter__(self) -> Warm:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def alive(self) -> bool:
        """Whether the warm process runs."""
        return self._process is not None and self._process.poll() is None

    def start(self, on_wait: OnWait = quietly) -> Process:
        """A worker, forked and isolated, ready for its first call.

        Raises:
            GraderFault: there is no warm process to be had, or not enough isolation.

        """
        if not self.alive:
            self._launch()
        scratch = Scratch()
        ours, theirs = _pipes()
        try:
            worker = self._fork(str(scratch.path), theirs)
            process = Process(worker, ours, scratch, on_wait)
        except (OSError, ValueError, psutil.Error) as error:
            self.close()
            raise WarmProcessGone(str(error)) from error
        finally:
            for descriptor in theirs:
                os.close(descriptor)
        process.excuse = partial(self._excuse, worker)
        process.await_ready()
        self._require(process)
        return process

    def close(self) -> None:
        """End the warm process; its workers end with it."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
        if self._control is not None:
            self._control.close()
        self._process = self._control = None

    def _launch(self) -> None:
        self.close()
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs, tempfile.TemporaryFile() as said:
            self._process = subprocess.Popen(  # noqa: S603 - this project's own module
                [sys.executable, "-P", "-m", "grader.worker.zygote", str(theirs.fileno()), self._sandbox],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env=environment(),
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )
            theirs.close()
            self._control = ours
            self._require_greeting(said)

    def _require_greeting(self, said: BinaryIO) -> None:
        """Wait until TensorFlow is imported; ``said`` is what the warm process wrote meanwhile."""
        assert self._control is not None
        self._control.settimeout(START_SECONDS)
        try:
            greeting = self._control.recv(16)
        except OSError as error:
            greeting = str(error).encode()
        if greeting != b"ready":
            self.close()
            said.seek(0)
            lines = said.read().decode("utf-8", "replace").split("\n")
            reason = next((line for line in map(visible.block, reversed(lines)) if line), greeting.decode() or "-")
            raise WarmProcessGone(f"TensorFlow could not be imported: {reason}")

    def _fork(self, scratch: str, descriptors: Sequence[int]) -> Forked:
        assert self._control is not None
        socket.send_fds(self._control, [msgspec.msgpack.encode(scratch)], descriptors)
        return Forked(int(self._control.recv(MAX_ANSWER)), self._control)

    def _excuse(self, worker: Forked, watch: Watch) -> Interrupted | None:
        """Why a worker's end is nobody's fault; None when it is the student's.

        Killed because memory ran out: then it may have been the nearest and not the hungriest. That it was beyond its
        own limit when it ended is the student's doing all the same, as when the judge had been faster.
        """
        if watch.memory_ran_out() and worker.was_killed() and worker.peak_bytes <= watch.limits.memory_bytes:
            return OutOfMemory("the machine ran out of memory")
        return None if self.alive else WarmProcessGone("the process that this worker was forked from is gone")

    def _require(self, process: Process) -> None:
        if self._sandbox != "strict":
            return
        self.layers = process.layers
        if not is_enough(process.layers):
            process.close()
            missing = [layer for layer in REQUIRED if layer not in process.layers]
            raise Isolation(
                T(
                    "Student code cannot be isolated here: {missing} not available ({reason}). Use a Linux with "
                    "Landlock and libseccomp, or, on a machine with nothing to lose, --sandbox none.",
                    missing=", ".join(missing),
                    reason=process.last_line() or "-",
                )
            )


class Forked:
    """A grandchild: it can be watched and killed, but how it ended must be asked of the warm process, once."""

    def __init__(self, pid: int, control: socket.socket) -> None:
        self.pid = pid
        self.peak_bytes = 0
        self._process, self._control = psutil.Process(pid), control
        self._code: int | None = None
        self._is_known = False

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait until it has ended; its exit code, or None if the warm process is gone too."""
        deadline = time.monotonic() + (math.inf if timeout is None else timeout)
        while not self._is_known and lives(self._process):
            if time.monotonic() >= deadline:
                raise subprocess.TimeoutExpired("worker", timeout or 0)
            time.sleep(POLL_SECONDS)
        if not self._is_known:
            self._is_known = True
            with suppress(OSError, msgspec.DecodeError):
                self._control.send(msgspec.msgpack.encode(self.pid))
                self._code, self.peak_bytes = ENDING.decode(self._control.recv(MAX_ANSWER))
        return self._code

    def was_killed(self) -> bool:
        """Whether SIGKILL ended it; nothing else is sent when memory runs out."""
        try:
            return self.wait(timeout=END_SECONDS) == -signal.SIGKILL
        except subprocess.TimeoutExpired:
            return False


def _pipes() -> tuple[Pipes, list[int]]:
    """Our ends, and the worker's standard input, output and error."""
    request_end, request = os.pipe()
    reply, reply_end = os.pipe()
    output, output_end = os.pipe()
    ours = Pipes(os.fdopen(request, "wb"), os.fdopen(reply, "rb"), os.fdopen(output, "rb", buffering=0))
    return ours, [request_end, reply_end, output_end]
