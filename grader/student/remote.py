"""A student whose code runs in a worker process, as checks see it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from grader.faults import GraderFault, NoWorker
from grader.judge.artifacts import Audit
from grader.judge.check import Result, Unanswered
from grader.language.messages import T, Text
from grader.limits import CPU_SECONDS
from grader.randomness import Generator
from grader.results import Exhibit
from grader.student import cold
from grader.student.artifact import TrainingPlan, artifact_of
from grader.student.asking import Asked, Asker, Start, asked_of_tool
from grader.student.exhibits import exhibits_of
from grader.student.remembering import Memory
from grader.submission.program import Program
from grader.submission.reading import Submission

ATTEMPTS = 2  # the second to tell a machine on which workers die from one that was short of something for a moment


class RemoteStudent:
    """What checks ask (grader.judge.check.Student), answered by a worker. Close it, or use it in a ``with`` statement.

    Args:
        submission: whose functions answer.
        seed: of the run.
        start: starts a worker, when one is needed.
        training: how an artifact that was not handed in is made; None if none is to be.
        audit: how an artifact is looked at.

    """

    def __init__(
        self,
        submission: Submission,
        seed: int,
        start: Start = cold.start,
        training: TrainingPlan | None = None,
        audit: Audit = Audit(),  # noqa: B008 - it is frozen
    ) -> None:
        self.submission = submission
        self.seed = seed
        self.audit = audit
        self.asker = Asker(submission, start, self._require_workers)
        self.no_worker: NoWorker | None = None
        self._own = Asker(replace(submission, program=Program(())), start)
        self.notices: list[Text] = []
        self.exhibits: dict[str, list[Exhibit]] = {}
        self._memory = Memory(seed)
        self._training = training

    def __enter__(self) -> RemoteStudent:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the workers and everything they started."""
        self.asker.close()
        self._own.close()

    def require(self, function: str) -> None:
        """Nothing, if the function is there, is no stub, and has not taken a worker down."""
        self.asker.require(function)

    def call(
        self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS, eager: bool = False, **kwargs: Any
    ) -> Any:
        """The value that the student's function returns, with models and figures as facts."""
        value = self.asker.ask(Asked(function, args, kwargs, function, eager=eager), cpu_seconds)
        if found := exhibits_of(function, value):
            self.exhibits[function] = found
        return value

    def tool(self, function: str, /, *args: Any, cpu_seconds: float = CPU_SECONDS, eager: bool = False) -> Any:
        """The value that a function of grader.worker.tools returns in the worker.

        Where it works on one of the student's functions, that one must be written, and answers for what happens.
        """
        return self.asker.ask(replace(asked_of_tool(function, args), eager=eager), cpu_seconds)

    def _require_workers(self, values: list[Any]) -> None:
        """Raise NoWorker if a worker without a student's code dies of the same question, whenever it is asked."""
        for _ in range(ATTEMPTS):
            try:
                self._own.ask(asked_of_tool("echo", tuple(values)), CPU_SECONDS)
            except Unanswered as error:
                reason = error.text
            else:
                return
        self.no_worker = NoWorker(
            T("Workers die here without a student's code too, so nothing can be graded: {reason}", reason=reason)
        )
        raise self.no_worker

    def start_anew(self) -> None:
        """The next question starts a worker."""
        self.asker.close()

    def own_tool(self, function: str, /, *args: Any) -> Any:
        """The value of a tool in a worker that knows nothing of the student's. Raises GraderFault."""
        try:
            return self._own.ask(asked_of_tool(function, args), CPU_SECONDS)
        except Unanswered as error:
            raise GraderFault(error.text) from error

    def once(self, key: str, compute: Callable[[Generator], Result]) -> Result:
        """The same answer, or the same failure, for every check that asks with this key."""
        return self._memory.once(key, compute)

    def artifact(self) -> bytes:
        """The artifact handed in, unless a grader trained it from other code; else one trained now and kept."""
        asker, notice = self.asker, self.notices.append
        return self.once("artifact", lambda _: artifact_of(self.submission, asker, self._training, notice))
