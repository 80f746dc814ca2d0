"""Asks the worker of one submission, and starts a new one when it is gone.

Nothing that arrives here is trusted or run. A worker that dies, hangs or talks nonsense costs the student the function
that was being called, and no other.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NoReturn

from grader.faults import GraderFault
from grader.judge.check import Unanswered
from grader.language.messages import T
from grader.limits import Limits
from grader.results import Outcome
from grader.student import explain
from grader.student.process import Process, WorkerGone
from grader.student.watching import Exhausted
from grader.submission.reading import Submission
from grader.wire import coding, protocol, values
from grader.wire.protocol import Call, CellSource, Load, Raised, Returned
from grader.wire.values import FunctionName, ModelFacts

Start = Callable[[], Process]


@dataclass
class Asked:
    """What to ask the worker for: a function of the student's, or a tool that works on one."""

    function: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any] = field(default_factory=dict)
    needs: str | None = None
    tool: bool = False
    eager: bool = False


def asked_of_tool(function: str, args: tuple[Any, ...]) -> Asked:
    """Ask a tool; the student's function that it works on, if any, answers for what happens."""
    subject = next((argument.name for argument in args if isinstance(argument, FunctionName)), None)
    return Asked(function, args, needs=subject, tool=True)


class Asker:
    """Asks in the name of one submission.

    Args:
        submission: whose functions answer.
        start: starts a worker, when one is needed.
        on_death: told what was asked when a worker died of it, before the student answers for that; it may raise.

    """

    def __init__(
        self, submission: Submission, start: Start, on_death: Callable[[list[Any]], None] = lambda _: None
    ) -> None:
        self.versions: dict[str, str] = {}
        self.layers: list[str] = []
        self._submission = submission
        self._start, self._on_death = start, on_death
        self._process: Process | None = None
        self._is_fresh = True
        self._broken: dict[str, Unanswered] = {}

    def close(self) -> None:
        """End the worker and everything it started."""
        if self._process is not None:
            self._process.close()
            self._process = None

    def require(self, function: str) -> None:
        """Nothing, if the function is there, is no stub, and has not taken a worker down. Raises Unanswered."""
        program = self._submission.program
        if function in self._broken:
            raise self._broken[function]
        if not program.defines(function):
            raise Unanswered(Outcome.NOT_RUN, explain.missing(function, self._submission.problems))
        if program.is_stub(function):
            raise Unanswered(Outcome.NOT_RUN, T("`{function}` is still to be written.", function=function))

    def ask(self, asked: Asked, cpu_seconds: float) -> Any:
        """The value that was asked for; the student's function that it needs must be there. Raises Unanswered."""
        if asked.needs:
            self.require(asked.needs)
        call, program = self._call(asked), self._submission.program
        try:
            process = self._running()
            self._is_fresh = self._is_fresh and not call.needs
            reply = process.ask(protocol.encode(call), call.ticket, Limits(cpu_seconds))
        except (WorkerGone, Exhausted) as error:
            self.close()
            if isinstance(error, WorkerGone):
                self._on_death([value for value in (*asked.args, *asked.kwargs.values()) if not _is_students(value)])
            lost = Unanswered(Outcome.ERROR, explain.lost(error, asked.needs or asked.function))
            self._broken[asked.needs or asked.function] = lost
            raise lost from error
        if isinstance(reply, Raised):
            if asked.tool and asked.needs is None and not any(_is_students(argument) for argument in asked.args):
                self._blame_for_tool(asked, reply, cpu_seconds)
            raise explain.failure(reply, asked.needs or asked.function, program)
        assert isinstance(reply, Returned)
        return reply.value

    def _call(self, asked: Asked) -> Call:
        program = self._submission.program
        needed = [program.nodes[index] for index in program.needs(asked.needs)] if asked.needs else []
        return Call(
            ticket=secrets.token_hex(8),
            function=asked.function,
            args=_wire(list(asked.args)),
            kwargs=_wire(asked.kwargs),
            needs=[(node.cell, node.index) for node in needed],
            tool=asked.tool,
            eager=asked.eager,
        )

    def _blame_for_tool(self, asked: Asked, raised: Raised, cpu_seconds: float) -> NoReturn:
        """A tool that works where the student's code has not run was broken by that code; one that does not is ours."""
        if self._is_fresh:
            raise GraderFault(explain.broken_tool(asked.function, raised))
        self.close()
        self.ask(asked, cpu_seconds)
        raise Unanswered(Outcome.ERROR, explain.spoiled_tool(asked.function, raised))

    def _running(self) -> Process:
        if self._process is None:
            self._is_fresh = True
            process = self._start()
            self.versions, self.layers = process.versions, process.layers
            cells = self._submission.program.cells
            process.send(protocol.encode(Load([CellSource(cell.source, cell.line) for cell in cells])))
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
