"""The file that a lesson asks for beside the notebook: taken from what was handed in, or made by the student's code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from data.homework import ArtifactFile, homework_seed
from grader.judge.artifacts import ArtifactFormat, Origin
from grader.judge.check import Mismatch, Unanswered
from grader.language.messages import T, Text
from grader.results import Outcome
from grader.student import explain
from grader.student.asking import Asker, asked_of_tool
from grader.submission.reading import Submission
from grader.wire.values import FunctionName

TOOL = "call_on_data_set"


@dataclass(frozen=True)
class TrainingPlan:
    """How an artifact is made where none was handed in; ``keep`` receives it, so that the next run need not."""

    format: ArtifactFormat
    keep: Callable[[bytes], None] = lambda _: None


def artifact_of(
    submission: Submission, asker: Asker, training: TrainingPlan | None, notice: Callable[[Text], None]
) -> bytes:
    """The artifact handed in, unless a grader trained it from other code; else one trained now and kept.

    Args:
        submission: whose artifact it is; its lesson declares one.
        asker: asks for the student's function.
        training: how one is made; None if none is to be.
        notice: receives what is to be said of it.

    Raises:
        Unanswered: there is none.

    """
    wanted, content = submission.lesson.artifact, submission.artifact
    assert wanted is not None
    fingerprint = submission.program.fingerprint(wanted.function)
    if content is not None and (training is None or training.format.made_by(content) in ("", fingerprint)):
        notice(T("The homework was taken from {name}; nothing was trained.", name=wanted.file_name))
        return content
    if training is None:
        raise Unanswered(Outcome.NOT_RUN, explain.not_handed_in(wanted.file_name))
    content = _trained(asker, wanted, homework_seed(fingerprint), fingerprint, training.format)
    training.keep(content)
    return content


def _trained(asker: Asker, wanted: ArtifactFile, seed: int, fingerprint: str, form: ArtifactFormat) -> bytes:
    value = asker.ask(asked_of_tool(TOOL, (FunctionName(wanted.function), seed)), wanted.cpu_seconds)
    try:
        return form.pack(value, Origin(seed, fingerprint, asker.versions))
    except Mismatch as mismatch:
        raise Unanswered(Outcome.ERROR, mismatch.text) from mismatch
