"""The judge's side of a worker: asks it, watches its limits, and starts a new one when it is gone.

Nothing that arrives here is trusted or run. A worker that dies, hangs or talks nonsense costs the student the function
that was being called, and no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

import numpy as np

from grader.faults import GraderFault
from grader.judge.check import Unanswered
from grader.language.messages import T, Text
from grader.limits import CPU_SECONDS, Limits
from grader.randomness import Generator, derived_seed, generator_for
from grader.results import Exhibit, Outcome
from grader.student import cold, explain
from grader.student.exhibits import exhibits_of
from grader.student.process import Process, WorkerGone
from grader.student.watching import Exhausted
from grader.submission.reading import Submission
from grader.wire import coding, protocol, values
from grader.wire.protocol import Call, CellSource, Load, Raised, Returned
from grader.wire.values import FunctionName, ModelFacts

HOMEWORK_FUNCTION = "run_homework"
HOMEWORK_CPU_SECONDS = 3600.0

Result = TypeVar("Result")
Start = Callable[[], Process]


@dataclass
class Asked:
    """What to ask the worker for: a function of the student's, or a tool that works on one."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    needs: str | None
    tool: bool
    eager: bool = False


class RemoteStudent:
    """A student whose code runs in a worker process. Close it, or use it in a ``with`` statement.

    Args:
        submission: whose functions answer.
        seed: of the run.
        start: starts a worker, when one is needed.
        train_homework: whether a homework that was not handed in is trained.
        keep: receives the bytes of a homework that was trained here, so that the next run need not train again.

    """

    def __init__(
        self,
        submission: Submission,
        seed: int,
        start: Start = cold.start,
        keep: Callable[[bytes], None] = lambda _: None,
        train_homework: bool = True,
    ) -> None:
        self.submission = submission
        self.seed = seed
        self.versions: dict[str, str] = {}
        self.layers: list[str] = []
        self.notices: list[Text] = []
        self.exhibits: dict[str, list[Exhibit]] = {}
        self.artifact = submission.artifact
        self._start = start
        self._keep = keep
        self._train_homework = train_homework
        self._process: Process | None = None
        self._is_fresh = True
        self._broken: dict[str, Unanswered] = {}
        self._known: dict[str, tuple[Any, BaseException | None]] = {}

    def __enter__(self) -> RemoteStudent:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._process is not None:
            self._process.close()
            self._process = None

    # --- what checks ask (grader.judge.check.Student) -----------------------------------------------------------------

    def require(self, function: str) -> None:
        """Nothing, if the function is there, is no stub, and has not taken a worker down."""
        program = self.submission.program
        if function in self._broken:
            raise self._broken[function]
        if not program.defines(function):
            raise Unanswered(Outcome.NOT_RUN, explain.missing(function, self.submission.problems))
        if program.is_stub(function):
            raise Unanswered(Outcome.NOT_RUN, T("`{function}` is still to be written.", function=function))

    def call(
        self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS, eager: bool = False, **kwargs: Any
    ) -> Any:
        """The value that the student's function returns, with models and figures as facts."""
        self.require(function)
        value = self._ask(Asked(function, args, kwargs, function, tool=False, eager=eager), cpu_seconds)
        if found := exhibits_of(function, value):
            self.exhibits[function] = found
        return value

    def tool(self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS) -> Any:
        """The value that a function of grader.worker.tools returns in the worker.

        Where it works on one of the student's functions, that one must be written, and answers for what happens.
        """
        subject = next((argument.name for argument in args if isinstance(argument, FunctionName)), None)
        if subject is not None:
            self.require(subject)
        return self._ask(Asked(function, args, {}, subject, tool=True), cpu_seconds)

    def once(self, key: str, compute: Callable[[Generator], Result]) -> Result:
        """The same answer, or the same failure, for every check that asks with this key."""
        if key not in self._known:
            try:
                self._known[key] = compute(generator_for(self.seed, key)), None
            except Exception as error:
                self._known[key] = None, error
        value, failure = self._known[key]
        if failure is not None:
            raise failure
        return value  # type: ignore[no-any-return]  # what compute returned

    def homework(self) -> bytes:
        """The artifact handed in, unless this grader trained it from other code; else one trained now and kept."""
        return self.once("homework", lambda _: self._homework())

    # --- the homework -------------------------------------------------------------------------------------------

    def _homework(self) -> bytes:
        from grader.judge.artifact import trained_by

        program = self.submission.program
        fingerprint = program.fingerprint(HOMEWORK_FUNCTION)
        if self.artifact is not None and (not self._train_homework or trained_by(self.artifact) in ("", fingerprint)):
            self.notices.append(
                T(
                    "The homework was taken from {name}; nothing was trained.",
                    name=self.submission.lesson.artifact_name,
                )
            )
            return self.artifact
        if not self._train_homework:
            raise Unanswered(Outcome.NOT_RUN, explain.not_handed_in(self.submission.lesson.artifact_name))
        self.require(HOMEWORK_FUNCTION)
        asked = Asked(
            "train_homework",
            (FunctionName(HOMEWORK_FUNCTION), derived_seed(self.seed, HOMEWORK_FUNCTION) % 2**31, fingerprint),
            {},
            HOMEWORK_FUNCTION,
            tool=True,
        )
        content = self._ask(asked, HOMEWORK_CPU_SECONDS)
        if not isinstance(content, np.ndarray) or content.dtype != np.uint8:
            raise Unanswered(Outcome.ERROR, T("The trained homework did not arrive. Run its cell in the notebook."))
        self.artifact = content.tobytes()
        self._keep(self.artifact)
        return self.artifact

    # --- asking -------------------------------------------------------------------------------------------------

    def _ask(self, asked: Asked, cpu_seconds: float) -> Any:
        program = self.submission.program
        needs = (
            [(program.nodes[i].cell, program.nodes[i].index) for i in program.needs(asked.needs)] if asked.needs else []
        )
        call = Call(
            ticket=secrets.token_hex(8),
            function=asked.function,
            args=_wire(list(asked.args)),
            kwargs=_wire(asked.kwargs),
            needs=needs,
            tool=asked.tool,
            eager=asked.eager,
        )
        try:
            process = self._running()
            self._is_fresh = self._is_fresh and not needs
            reply = process.ask(protocol.encode(call), call.ticket, Limits(cpu_seconds))
        except (WorkerGone, Exhausted) as error:
            self.close()
            lost = Unanswered(Outcome.ERROR, explain.lost(error, asked.needs or asked.function))
            self._broken[asked.needs or asked.function] = lost
            raise lost from error
        if isinstance(reply, Raised):
            if asked.tool and asked.needs is None and not any(_is_students(argument) for argument in asked.args):
                self._blame_for_tool(asked, reply, cpu_seconds)
            raise explain.failure(reply, asked.needs or asked.function, program)
        assert isinstance(reply, Returned)
        return reply.value

    def _blame_for_tool(self, asked: Asked, raised: Raised, cpu_seconds: float) -> NoReturn:
        """A tool that works where the student's code has not run was broken by that code; one that does not is ours."""
        if self._is_fresh:
            raise GraderFault(explain.broken_tool(asked.function, raised))
        self.close()
        self._ask(asked, cpu_seconds)
        raise Unanswered(Outcome.ERROR, explain.spoiled_tool(asked.function, raised))

    def _running(self) -> Process:
        if self._process is None:
            self._is_fresh = True
            process = self._start()
            self.versions, self.layers = process.versions, process.layers
            process.send(
                protocol.encode(Load([CellSource(cell.source, cell.line) for cell in self.submission.program.cells]))
            )
            self._process = process
        return self._process


def _is_students(argument: Any) -> bool:
    return isinstance(argument, (ModelFacts, FunctionName))


def _wire(value: Any) -> Any:
    """A request's values; a model that the worker described goes back as its handle, a tuple of integers as a tuple."""
    if isinstance(value, ModelFacts):
        return coding.to_wire(values.Handle(value.handle))
    if isinstance(value, tuple) and all(type(item) is int for item in value):
        return coding.to_wire(values.Sizes(list(value)))
    if isinstance(value, (list, tuple)):
        return [_wire(item) for item in value]
    if isinstance(value, dict):
        return {key: _wire(item) for key, item in value.items()}
    return coding.to_wire(value)
