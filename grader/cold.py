"""Starting a worker from nothing: a new interpreter, on Linux, macOS and Windows alike. Used by `pytest grader`."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import BinaryIO, cast

from grader.lesson import ROOT
from grader.process import OnWait, Pipes, Process, quietly

THREADS = "2"
INHERITED = (
    *("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TEMP", "TMP"),
    *("SYSTEMROOT", "SYSTEMDRIVE", "USERPROFILE", "LOCALAPPDATA", "APPDATA", "NUMBER_OF_PROCESSORS"),
)


def start(on_wait: OnWait = quietly) -> Process:
    """Start a worker and wait until it is ready.

    Raises:
        GraderFault: it does not start here.

    """
    scratch = tempfile.TemporaryDirectory(prefix="grader-", ignore_cleanup_errors=True)
    child = subprocess.Popen(
        [sys.executable, "-P", "-m", "grader.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=scratch.name,
        env=environment(),
        start_new_session=sys.platform != "win32",  # Ctrl-C is for the judge, and /dev/tty is out of reach
    )
    pipes = Pipes(*(cast("BinaryIO", stream) for stream in (child.stdin, child.stdout, child.stderr)))
    process = Process(child, pipes, scratch, on_wait)
    process.await_ready()
    return process


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
