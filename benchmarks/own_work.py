"""A worker's part of a self-check without its judge: record what the checks ask, then answer it in a new process.

``python -m benchmarks.own_work record FOLDER CALLS`` runs the checks with a worker in this process and keeps their
messages; ``replay CALLS`` imports TensorFlow once and answers them: that is the work which no grader can save.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import cast

import msgspec

from grader.exercises import HOMEWORK
from grader.grade import checks_of
from grader.judge.check import judge
from grader.language.messages import translator
from grader.limits import Limits
from grader.randomness import generator_for
from grader.student.process import Process
from grader.student.remote import RemoteStudent
from grader.submission.reading import read_submissions
from grader.wire import protocol
from grader.wire.protocol import Call, Load, Raised, Returned
from grader.worker import serving


class Recording:
    """A worker in this process, which keeps what it is sent."""

    def __init__(self) -> None:
        self.payloads: list[bytes] = []
        self.versions, self.layers = serving.preload(), list[str]()
        self._notebook = serving.StudentModule()

    def send(self, payload: bytes) -> None:
        """Load a submission."""
        self.payloads.append(payload)
        answer(self._notebook, payload)

    def ask(self, payload: bytes, _ticket: str, _limits: Limits) -> Returned | Raised:
        """Answer a call."""
        self.payloads.append(payload)
        reply = answer(self._notebook, payload)
        assert reply is not None
        return cast("Returned | Raised", protocol.decode(reply))

    def close(self) -> None:
        """Nothing is to be ended."""


def answer(notebook: serving.StudentModule, payload: bytes) -> bytes | None:
    """What a worker does with a message."""
    message = protocol.decode(payload)
    if isinstance(message, Load):
        notebook.load(message.cells)
        return None
    assert isinstance(message, Call)
    return protocol.encode(notebook.call(message))


def record(folder: Path, seed: int, homework: bool) -> list[bytes]:
    """The messages of all checks, or of those of the exercises."""
    (submission,) = read_submissions(folder)
    recording, lesson = Recording(), submission.lesson
    with RemoteStudent(submission, seed, lambda: cast("Process", recording)) as student:
        for check in checks_of(lesson):
            if homework or check.exercise != HOMEWORK:
                judge(check, student, generator_for(seed, check.identifier(lesson)), lesson, translator("en"))
    return recording.payloads


def replay(payloads: list[bytes]) -> None:
    """Answer the messages."""
    serving.preload()
    notebook = serving.StudentModule()
    for payload in payloads:
        answer(notebook, payload)


def main() -> None:
    """Record or replay."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    actions = parser.add_subparsers(dest="action", required=True)
    recording = actions.add_parser("record")
    recording.add_argument("folder", type=Path)
    recording.add_argument("calls", type=Path)
    recording.add_argument("--seed", type=int, required=True)
    recording.add_argument("--homework", action="store_true")
    actions.add_parser("replay").add_argument("calls", type=Path)
    chosen = parser.parse_args()
    if chosen.action == "record":
        payloads = record(chosen.folder, chosen.seed, chosen.homework)
        chosen.calls.write_bytes(msgspec.msgpack.encode(payloads))
    else:
        replay(msgspec.msgpack.decode(chosen.calls.read_bytes(), type=list[bytes]))


if __name__ == "__main__":
    main()
