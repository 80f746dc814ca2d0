"""The student's own work and nothing else: ``python -m benchmarks.bare CALLS --folder CLASS``.

One process imports TensorFlow once and forks for each submission; the fork runs the submission and calls its functions
with the inputs that the grader's checks would draw. There is no judge, no isolation and no message: what grading costs
beyond this is the grader's overhead. Inputs are recorded before
(``--record SEED``), by running the checks against a student that is right.
"""

from __future__ import annotations

import argparse
import gc
import os
import pickle
import sys
import types
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from benchmarks import assignment
from grader.judge.check import check_of
from grader.lesson import Lesson
from grader.limits import CPU_SECONDS
from grader.randomness import Generator, generator_for
from grader.wire.values import Images
from grader.worker import serving

Call = tuple[str, tuple[Any, ...], dict[str, Any], bool]


class Recorder:
    """A student that answers with the right functions, in this process, and notes what it was asked."""

    def __init__(self, module: types.ModuleType) -> None:
        self.calls: list[Call] = []
        self._module = module
        self._known: dict[str, Any] = {}

    def call(
        self,
        function: str,
        /,
        *args: Any,
        cpu_seconds: float = CPU_SECONDS,  # noqa: ARG002 - nothing is limited here
        eager: bool = False,
        **kwargs: Any,
    ) -> Any:
        """The function's value."""
        self.calls.append((function, args, kwargs, eager))
        return call(self._module, self.calls[-1])

    def tool(self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS) -> Any:
        """These functions need no tools."""
        raise NotImplementedError(function)

    def require(self, function: str) -> None:
        """It is there."""

    def once(self, key: str, compute: Callable[[Generator], Any]) -> Any:
        """What the checks share."""
        if key not in self._known:
            self._known[key] = compute(generator_for(0, key))
        return self._known[key]

    def artifact(self) -> bytes:
        """Nor a file."""
        raise NotImplementedError


def call(module: types.ModuleType, asked: Call) -> Any:
    """Call a submission's function as a worker does: images become a data set."""
    import kit

    function, args, kwargs, eager = asked
    given = [kit.Dataset(*(a.copy() for a in arg.arrays)) if isinstance(arg, Images) else arg for arg in args]
    return serving.run(getattr(module, function), given, kwargs, eager)


def load(path: Path | None) -> types.ModuleType:
    """A submission as a module; without a path, the right one."""
    code = path.read_text(encoding="utf-8") if path else assignment.code_of(assignment.Kind.HONEST, 0)
    module = types.ModuleType("entrega")
    exec(compile(code, str(path), "exec"), module.__dict__)  # noqa: S102 - this package's own submissions
    return module


def record(seed: int) -> list[Call]:
    """The calls that the assignment's checks make for a seed."""
    recorder, lesson = Recorder(load(None)), Lesson(assignment.LESSON)
    for function in assignment.CHECKS:
        found = check_of(function)
        assert found is not None
        with suppress(Exception):
            found.function(recorder, generator_for(seed, found.identifier(lesson)))
    return recorder.calls


def run(path: Path, calls: list[Call]) -> None:
    """One submission, in a fork of its own; what it raises is its own affair."""
    child = os.fork()
    if child == 0:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        module = load(path)
        for asked in calls:
            with suppress(Exception):
                call(module, asked)
        os._exit(0)
    os.waitpid(child, 0)


def main(arguments: list[str]) -> None:
    """Record the calls, or run every submission of a class, or every ``--step``-th from ``--first``."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("calls", type=Path, help="the file of the recorded calls")
    parser.add_argument("--record", type=int, metavar="SEED", help="write that file")
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--step", type=int, default=1)
    chosen = parser.parse_args(arguments)
    serving.preload()
    if chosen.record is not None:
        chosen.calls.write_bytes(pickle.dumps(record(chosen.record)))
        return
    gc.collect()
    gc.freeze()  # as the warm process does; otherwise each fork would pay for collecting what TensorFlow left
    calls = pickle.loads(chosen.calls.read_bytes())  # noqa: S301 - written just now by this module
    for path in sorted(chosen.folder.glob("*/*.py"))[chosen.first :: chosen.step]:
        run(path, calls)


if __name__ == "__main__":
    main(sys.argv[1:])
