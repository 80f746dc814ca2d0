"""The sample submissions in tests/samples/<lesson>/: what is expected of each, laid out in a folder, graded.

A folder holds either a complete ``<lesson>.ipynb`` or ``.py``, or a ``changes.py``, whose cells are appended to the
lesson's solution (the last definition of a name wins). Every other file is laid beside the notebook, without
``.beside`` at the end of its name. ``expected.toml``::

    what = "One sentence: what this submission does."
    exercises = ["1"]               # whose checks are run
    checks = ["108.1.variances"]    # optional: only these of them
    notice = "fragment"             # optional: stands in a notice about the whole submission
    limits = {cpu_seconds = 3}      # optional: Limits smaller than the grader's, also memory_gb and wall_seconds
    artifact = "honest"             # optional: the homework's file, made by the function of that name below
    partly = true                   # optional: nothing is said about the checks that are not listed
    slow = "reason"                 # optional: run only with the slow tests
    worker = "cold"                 # optional: graded by a worker started for it, not by a fork of the warm process
    isolated = true                 # optional: only isolation stands against it, so that is asked for
    plugin = true                   # optional: also run as `python -m pytest grader`

    [not_passed]                    # every other check must pass
    "108.1.variances" = {outcome = "failed", says = "fragment of the message in Spanish"}
"""

from __future__ import annotations

import functools
import subprocess
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import msgspec

from grader.grade import checks_of as lesson_checks
from grader.grade import training_of
from grader.judge.check import Check, outcome_of, result_of
from grader.language.messages import Text, translator
from grader.lesson import ROOT, Lesson, find_lesson
from grader.limits import Limits
from grader.randomness import generator_for
from grader.results import Outcome
from grader.student.process import Process
from grader.student.remote import RemoteStudent
from grader.submission.reading import read_submissions
from grader.wire.protocol import Raised, Returned
from tests.support.lessons.homework_files_108_initialization import ARTIFACTS

FOLDERS = ROOT / "tests" / "samples"
SEED = 108
HERE = "FOLDER_OF_THE_SUBMISSION"  # in changes.py it stands for the path at which the submission is laid out
BESIDE = ".beside"  # hides a conftest.py and its like from the tests' own pytest
OWN = ("expected.toml", "changes.py")

Start = Callable[[], Process]


class Unmet(msgspec.Struct, forbid_unknown_fields=True):
    """A check that must not pass, how, and what its message says in Spanish."""

    outcome: Outcome
    says: str


class SmallLimits(msgspec.Struct, forbid_unknown_fields=True):
    """Limits for submissions that are made to reach them."""

    cpu_seconds: float | None = None
    wall_seconds: float | None = None
    memory_gb: float | None = None


class Expected(msgspec.Struct, forbid_unknown_fields=True):
    """What ``expected.toml`` states."""

    what: str
    exercises: list[str]
    checks: list[str] = []
    notice: str = ""
    limits: SmallLimits | None = None
    artifact: str = ""
    partly: bool = False
    slow: str = ""
    worker: Literal["warm", "cold"] = "warm"
    plugin: bool = False
    isolated: bool = False
    not_passed: dict[str, Unmet] = {}


@dataclass(frozen=True)
class Sample:
    """One folder of tests/samples/<lesson>."""

    folder: Path
    expected: Expected

    @property
    def name(self) -> str:
        """The behaviour that the folder shows."""
        return self.folder.name

    @property
    def lesson(self) -> Lesson:
        """The lesson that the sample is for."""
        found = find_lesson(self.folder.parent.name)
        assert found is not None
        return found

    def compose(self, target: Path) -> Path:
        """Lay the submission out in ``target`` as a student would hand it in; returns its notebook or Python file."""
        target.mkdir(parents=True, exist_ok=True)
        for path in self.folder.iterdir():
            if path.is_file() and path.name not in OWN:
                (target / path.name.removesuffix(BESIDE)).write_bytes(path.read_bytes())
        changes = self.folder / "changes.py"
        if changes.exists():
            text = changes.read_text(encoding="utf-8").replace(HERE, str(target))
            right = (ROOT / "solutions" / f"{self.lesson.key}.py").read_text(encoding="utf-8")
            (target / f"{self.lesson.key}.py").write_text(f"{right}\n# %%\n{text}", encoding="utf-8")
        return next(target.glob(f"{self.lesson.key}.*"))


@dataclass(frozen=True)
class Verdict:
    """A check's outcome with its message in both languages."""

    outcome: Outcome
    points: float
    spanish: str
    english: str


@dataclass(frozen=True)
class Graded:
    """What grading a sample gave, check by check, and the notices about all of it."""

    verdicts: dict[str, Verdict]
    notices: list[str]

    @property
    def messages(self) -> list[str]:
        """Everything a student could read."""
        return [text for each in self.verdicts.values() for text in (each.spanish, each.english)] + self.notices


def all_samples() -> list[Sample]:
    """Every folder, by lesson and name."""
    folders = sorted(path.parent for path in FOLDERS.glob("*/*/expected.toml"))
    return [Sample(folder, _read(folder / "expected.toml")) for folder in folders]


@functools.cache
def checks(lesson: Lesson) -> dict[str, Check]:
    """Every check of a lesson by its identifier, in the order in which they run."""
    return {check.identifier(lesson): check for check in lesson_checks(lesson)}


def checks_of(sample: Sample) -> dict[str, Check]:
    """The checks that a sample is graded by."""
    expected = sample.expected
    return {
        name: check
        for name, check in checks(sample.lesson).items()
        if check.exercise in expected.exercises and (not expected.checks or name in expected.checks)
    }


def grade(sample: Sample, folder: Path, start: Start, artifact: bytes | None = None) -> Graded:
    """Grade a sample in this process, its code in a fresh worker from ``start``."""
    path = sample.compose(folder)
    if artifact is not None:
        (folder / sample.lesson.artifact.file_name).write_bytes(artifact)
    submission = read_submissions(path.parent, sample.lesson)[0]
    small = sample.expected.limits
    hurried = (lambda: cast("Process", _Hurried(start(), small))) if small else start
    with RemoteStudent(submission, SEED, hurried, training_of(sample.lesson)) as student:
        verdicts = {name: _verdict(sample.lesson, check, name, student) for name, check in checks_of(sample).items()}
    return Graded(verdicts, [say(text) for text in submission.problems for say in _languages()])


def grade_by_plugin(
    sample: Sample, folder: Path, timeout: float = 300
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Grade a sample as a user does: ``python -m pytest grader``. Returns the run and the path of its results."""
    sample.compose(folder)
    results = folder.with_name(f"{folder.name}.json")
    names = " or ".join(f"check_{name.rpartition('.')[2]}" for name in checks_of(sample))
    command = [sys.executable, "-m", "pytest", "grader", "--submission", str(folder), "--results", str(results)]
    run = subprocess.run(
        [*command, "--lesson", sample.lesson.key, "--seed", str(SEED), "-p", "no:cacheprovider", "-k", names],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )
    return run, results


def artifact_of(sample: Sample, cache: Path) -> bytes | None:
    """The homework's file that a sample hands in; trainings are kept in ``cache``."""
    return ARTIFACTS[sample.expected.artifact](cache) if sample.expected.artifact else None


# --- parts ------------------------------------------------------------------------------------------------------


def _read(path: Path) -> Expected:
    return msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Expected)


def _verdict(lesson: Lesson, check: Check, name: str, student: RemoteStudent) -> Verdict:
    outcome, text = outcome_of(check, student, generator_for(SEED, name))
    spanish, english = (say(text) if text else "" for say in _languages())
    return Verdict(outcome, result_of(check, lesson, str, outcome, None).points, spanish, english)


def _languages() -> tuple[Callable[[Text], str], ...]:
    return tuple(functools.partial(_say, translator(language)) for language in ("es", "en"))


def _say(translate: Callable[[str], str], text: Text) -> str:
    return text.render(translate)


@dataclass(frozen=True)
class _Patience(Limits):
    """Limits with a wall time of their own."""

    wall: float = 0.0

    @property
    def wall_seconds(self) -> float:
        return self.wall


class _Hurried:
    """A worker process that is held to smaller limits than the checks ask for."""

    def __init__(self, process: Process, small: SmallLimits) -> None:
        self._process, self._small = process, small

    def __getattr__(self, name: str) -> Any:
        return getattr(self._process, name)

    def ask(self, payload: bytes, ticket: str, limits: Limits) -> Returned | Raised:
        cpu = min(limits.cpu_seconds, self._small.cpu_seconds or limits.cpu_seconds)
        wall = self._small.wall_seconds or replace(limits, cpu_seconds=cpu).wall_seconds
        memory = int(self._small.memory_gb * 2**30) if self._small.memory_gb else limits.memory_bytes
        return self._process.ask(payload, ticket, _Patience(cpu, memory, wall))
