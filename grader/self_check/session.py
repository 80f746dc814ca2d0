"""One run of `pytest grader`: the submissions, their students, the results so far."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from grader.files import write_whole
from grader.grade import results_of, training_of
from grader.judge.check import Check, result_of
from grader.language.messages import T, Translate
from grader.language.reasons import reason_of
from grader.lesson import Lesson
from grader.results import CheckResult, Outcome, Results, write_json
from grader.self_check import terminal
from grader.student import cold
from grader.student.remote import RemoteStudent
from grader.submission.reading import Submission

PATIENCE_SECONDS = 10.0


class Session:
    """What the plugin's hooks share."""

    def __init__(
        self, submissions: list[Submission], seed: int, say: Translate, results: Path | None, config: pytest.Config
    ) -> None:
        self.submissions = submissions
        self.seed = seed
        self.say = say
        self.has_unwritten = False
        self._results = results
        self._progress = Progress(config)
        self._expected: dict[Lesson, list[Check]] = {}
        self._done: dict[Lesson, dict[str, CheckResult]] = {each.lesson: {} for each in submissions}
        self._students = {each.lesson: self._enrol(each) for each in submissions}

    def _enrol(self, submission: Submission) -> RemoteStudent:
        return RemoteStudent(
            submission,
            self.seed,
            start=lambda: cold.start(self._progress.wait),
            training=training_of(submission.lesson, lambda content: self._keep(submission, content)),
        )

    def has(self, lesson: Lesson) -> bool:
        """Whether work for this lesson was found."""
        return lesson in self._students

    def student(self, lesson: Lesson) -> RemoteStudent:
        """The student whose work for the lesson is graded."""
        return self._students[lesson]

    def expect(self, checks: Iterable[tuple[Lesson, Check]]) -> None:
        """Note which checks should have a result in the end."""
        for lesson, check in checks:
            self._expected.setdefault(lesson, []).append(check)

    def add(self, lesson: Lesson, result: CheckResult) -> None:
        """Record a result."""
        self._done[lesson][result.id] = result

    @property
    def has_fault(self) -> bool:
        """Whether the grader itself failed somewhere."""
        return any(result.outcome is Outcome.GRADER_FAULT for done in self._done.values() for result in done.values())

    def finish(self) -> None:
        """End the workers and write what was asked for."""
        for student in self._students.values():
            student.close()
        if self._results is not None:
            collected = self._collected()
            for results in collected:
                self._write(results, self._results if len(collected) == 1 else _numbered(self._results, results.lesson))

    def _write(self, results: Results, path: Path) -> None:
        try:
            write_json(results, path)
        except OSError as error:
            self.has_unwritten = True
            reason = T("The results could not be written to {path}: {reason}.", path=path, reason=reason_of(error))
            self._students[Lesson(results.lesson)].notices.append(reason)

    def summary(self) -> str:
        """The tables for the terminal."""
        return "".join(
            terminal.table(results, self.say, self._progress.width, self._progress.colour)
            for results in self._collected()
        )

    def _collected(self) -> list[Results]:
        return [self._collect(submission) for submission in self.submissions if submission.lesson in self._expected]

    def _collect(self, submission: Submission) -> Results:
        lesson, done = submission.lesson, self._done[submission.lesson]
        interrupted = T("The run was interrupted before this check.")
        checks = [
            done.get(check.identifier(lesson)) or result_of(check, lesson, self.say, Outcome.NOT_RUN, interrupted)
            for check in self._expected[lesson]
        ]
        return results_of(self._students[lesson], checks, self.say)

    def _keep(self, submission: Submission, content: bytes) -> None:
        """Put an artifact trained now beside the notebook."""
        path = submission.artifact_path
        if path is None:
            return
        try:
            write_whole(path, content)
        except OSError as error:
            self._students[submission.lesson].notices.append(
                T(
                    "The trained homework could not be kept in {path} ({reason}); the next run will train again.",
                    path=path,
                    reason=reason_of(error),
                )
            )
            return
        self._students[submission.lesson].notices.append(
            T("The trained homework was kept in {path}; the next run only verifies it.", path=path)
        )


def _numbered(path: Path, lesson: str) -> Path:
    """The file of one of several lessons: ``results-107.json`` for ``results.json``."""
    return path.with_name(f"{path.stem}-{Lesson(lesson).number}{path.suffix}")


class Progress:
    """Tells on the terminal that something takes long, and what it last said."""

    def __init__(self, config: pytest.Config) -> None:
        reporter = config.pluginmanager.getplugin("terminalreporter")
        assert isinstance(reporter, pytest.TerminalReporter)
        self._reporter = reporter
        self._uncaptured: Callable[[], object] = config.pluginmanager.getplugin(
            "capturemanager"
        ).global_and_fixture_disabled
        self._last = 0.0

    @property
    def width(self) -> int:
        """Columns of the terminal."""
        return min(self._reporter._tw.fullwidth, 120)

    @property
    def colour(self) -> bool:
        """Whether the terminal shows colours."""
        return self._reporter.hasmarkup

    def wait(self, elapsed: float, last_line: Callable[[], str]) -> None:
        """Called a few times a second while a call runs."""
        pause = 0.5 if self._reporter.isatty else PATIENCE_SECONDS
        if elapsed < PATIENCE_SECONDS / 2 or time.monotonic() - self._last < pause:
            return
        self._last = time.monotonic()
        text = f"  {elapsed:4.0f} s  {last_line()}"[: self.width - 1]
        with self._uncaptured():  # type: ignore[attr-defined]  # pytest's context manager
            if self._reporter.isatty:
                self._reporter.rewrite(text, erase=True)
            else:
                self._reporter.write_line(text)
