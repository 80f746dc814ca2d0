"""Puts the layers of sandbox.py in place, in their order, and tells which ones this machine has.

``python -m grader.isolation`` prints the layers in force on this machine, and why the others are missing.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Collection
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

from grader.isolation import root, sandbox, system_calls
from grader.isolation.environment import environment
from grader.isolation.sandbox import ALL_LAYERS, LANDLOCK, LIMITS, NAMESPACES, SCRATCH, SECCOMP, Unavailable

REQUIRED = (LANDLOCK, SECCOMP, LIMITS)


def is_enough(layers: Collection[str]) -> bool:
    """Whether these layers keep student code from the files and the network of this machine.

    Namespaces are no substitute for seccomp: a Unix socket is a file, and landlock does not forbid to connect to one.
    """
    return all(layer in layers for layer in REQUIRED)


def probe() -> tuple[list[str], list[str]]:
    """The layers that a process of this machine can put in place, and a line for each that it cannot."""
    if sys.platform != "linux":
        return [], [sys.platform]
    command = [sys.executable, "-P", "-m", "grader.isolation"]
    found = subprocess.run(  # noqa: S603 - this module
        command, capture_output=True, text=True, check=False, env=environment(), start_new_session=True
    )
    return [layer for layer in ALL_LAYERS if layer in found.stdout.split()], found.stderr.splitlines()


def isolate(scratch: Path, namespaces: bool) -> list[str]:
    """Put every layer in place that this machine has."""
    layers: list[str] = []

    def add(layer: str, *steps: Callable[[], None]) -> None:
        try:
            for step in steps:
                step()
            layers.append(layer)
        except (Unavailable, OSError, ValueError) as reason:
            os.write(2, f"{layer}: {reason}\n".encode())

    if namespaces:
        add(NAMESPACES, sandbox.enter_namespaces, continue_in_child, sandbox.mount_proc, sandbox.limit_threads)
        add(SCRATCH, lambda: root.enter_root(sandbox.readable_paths(), scratch))
    os.chdir(scratch)
    add(LIMITS, sandbox.set_limits, sandbox.drop_privileges)
    add(LANDLOCK, lambda: sandbox.restrict_files(scratch))
    add(SECCOMP, system_calls.filter_system_calls)
    return layers


def namespaces_work() -> bool:
    """Try it in a process that is then thrown away: halfway in there is no way back."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sandbox.enter_namespaces()
            continue_in_child()
            sandbox.mount_proc()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0


def continue_in_child() -> None:
    """Go on as process 1 of the new pid namespace, whose end takes everything in it along; here only wait for it."""
    sandbox.die_with_parent()
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        _end_as(os.waitstatus_to_exitcode(status))


def _end_as(code: int) -> NoReturn:
    """End as the child did, also by a signal, which whoever waits can tell from any exit code."""
    if code < 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError):  # SIGKILL and SIGSTOP have no handlers to take back
            signal.signal(-code, signal.SIG_DFL)
        os.kill(os.getpid(), -code)
    os._exit(code % 256)


def main() -> None:
    """Isolate this process and print the layers."""
    sandbox.preload()
    with tempfile.TemporaryDirectory() as scratch:
        child = os.fork()
        if child == 0:
            try:
                os.write(1, " ".join(isolate(Path(scratch), namespaces_work())).encode() + b"\n")
            finally:  # never back into the `with`, which would remove what the scratch folder shows now
                os._exit(0)
        os.waitpid(child, 0)
