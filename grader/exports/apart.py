"""A user of its own for student code inside Gradescope's container, where the grader is root.

As a program: ``python -m grader.exports.apart check USER`` exits 0 if workers can run as that user (a number), and
``python -m grader.exports.apart end USER`` exits 0 once no process of that user is left.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time

import psutil

PATIENCE_SECONDS = 10.0


def can_run(user: int) -> bool:
    """Whether this process may start others as ``user``, and that user can read the interpreter and the grader."""
    if sys.platform == "win32" or os.geteuid() != 0 or user == 0:
        return False
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", "import grader.worker.serving"],
            user=user,
            group=user,
            extra_groups=[],
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            check=False,
        )
    except OSError:
        return False
    return done.returncode == 0


def end(user: int) -> bool:
    """Kill every process of ``user``; whether none is left. A process that goes on forking is killed many times."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while found := [process for process in psutil.process_iter() if _is_of(process, user)]:
        if time.monotonic() > deadline:
            return False
        for process in found:
            _kill(process)
    return True


def _is_of(process: psutil.Process, user: int) -> bool:
    try:
        return user in process.uids() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _kill(process: psutil.Process) -> None:
    try:
        process.kill()
    except psutil.NoSuchProcess:
        return


def main(arguments: list[str]) -> int:
    """Do what the first argument says with the user in the second."""
    task, user = {"check": can_run, "end": end}[arguments[0]], int(arguments[1])
    return 0 if task(user) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
