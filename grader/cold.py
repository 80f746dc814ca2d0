"""Starting a worker from nothing: a new interpreter, on Linux, macOS and Windows alike. Used by `pytest grader`."""

from __future__ import annotations

import subprocess
import sys
from typing import BinaryIO, cast

from grader.environment import environment
from grader.process import MARK, OnWait, Pipes, Process, quietly
from grader.scratch import Scratch


def start(on_wait: OnWait = quietly) -> Process:
    """Start a worker and wait until it is ready.

    Raises:
        GraderFault: it does not start here.

    """
    scratch = Scratch()
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch.path,
        env=environment() | {MARK: str(scratch.path)},
        start_new_session=sys.platform != "win32",  # Ctrl-C is for the judge, and /dev/tty is out of reach
    )
    pipes = Pipes(*(cast("BinaryIO", stream) for stream in (child.stdin, child.stdout, child.stderr)))
    process = Process(child, pipes, scratch, on_wait, is_marked=True)
    process.await_ready()
    return process
