"""Starting a worker from nothing: a new interpreter, on Linux, macOS and Windows alike. Used by `pytest grader`."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any, BinaryIO, cast

from grader.isolation.environment import environment
from grader.isolation.scratch import Scratch
from grader.student.process import MARK, OnWait, Pipes, Process, quietly

USER = "GRADER_WORKER_USER"  # the number of the user that workers run as, where the judge is root: in Gradescope


def start(on_wait: OnWait = quietly) -> Process:
    """Start a worker and wait until it is ready.

    Raises:
        GraderFault: it does not start here.

    """
    scratch = Scratch()
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.worker.serving"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch.path,
        env=environment() | {MARK: str(scratch.path)},
        start_new_session=sys.platform != "win32",  # Ctrl-C is for the judge, and /dev/tty is out of reach
        **_as_user(scratch.path),
    )
    pipes = Pipes(*(cast("BinaryIO", stream) for stream in (child.stdin, child.stdout, child.stderr)))
    process = Process(child, pipes, scratch, on_wait, is_marked=True)
    process.await_ready()
    return process


def _as_user(scratch: Path) -> dict[str, Any]:
    """Who the worker is, if not who the judge is; the scratch folder is made its own."""
    if not (name := os.environ.get(USER, "")):
        return {}
    user = int(name)
    os.chown(scratch, user, user)
    return {"user": user, "group": user, "extra_groups": []}
