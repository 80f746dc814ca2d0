"""Gradescope's ``results.json``: a test for each check. All texts are declared plain, so that none is read as HTML.

As a program, inside Gradescope: ``python -m grader.exports.gradescope RESULTS.json OUT.json [REFUSAL]`` turns the
record of `pytest grader` into that file; of a submission that could not be read there is none, and REFUSAL says why.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from grader.files import write_whole
from grader.language import visible
from grader.language.messages import T, Text, Translate, translator
from grader.results import CheckResult, Outcome, Results, read_json

MAX_OUTPUT = 4_000


def gradescope_results(results: Results, seconds: float = 0.0) -> dict[str, Any]:
    """The record as Gradescope reads it."""
    return {
        "score": results.points,
        "execution_time": round(seconds),
        "output": visible.block("\n".join(results.notices), MAX_OUTPUT),
        "output_format": "text",
        "test_output_format": "text",
        "test_name_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "extra_data": {"seed": results.seed, "versions": results.versions, "pending_points": results.pending_points},
        "tests": [_test(check) for check in results.checks] + _open_questions(results),
    }


def unread(reason: str | Text, say: Translate) -> dict[str, Any]:
    """What Gradescope shows for a submission that could not be read: no points, and why."""
    said = T("The submission was not graded: {reason}", reason=reason).render(say)
    return {
        "score": 0,
        "output": visible.block(said, MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }


def _test(check: CheckResult) -> dict[str, Any]:
    test: dict[str, Any] = {
        "number": visible.block(check.id),
        "name": visible.block(check.sentence, MAX_OUTPUT),
        "name_format": "text",
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "output": visible.block(check.message, MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
    }
    return test


def _open_questions(results: Results) -> list[dict[str, Any]]:
    """The open questions with their marks, where these are part of the score."""
    return [
        {
            "number": f"open.{answer.number}",
            "name": visible.block(answer.question, MAX_OUTPUT),
            "name_format": "text",
            "score": answer.points or 0.0,
            "max_score": answer.max_points,
            "output": visible.block(answer.comment, MAX_OUTPUT),
            "output_format": "text",
            "visibility": "visible",
        }
        for answer in results.open_answers
        if results.with_marks
    ]


def main(arguments: list[str]) -> int:
    """Convert a record; exit 1 and leave no file when there is neither a record nor a reason, or the grader failed."""
    record, out, refusal = (Path(each) for each in (*arguments, "/dev/null")[:3])
    say = translator("es")
    content = _converted(read_json(record), say) if record.is_file() else _refused(refusal, say)
    if content is None:
        out.unlink(missing_ok=True)
        return 1
    write_whole(out, msgspec.json.format(msgspec.json.encode(content), indent=2))
    return 0


def _converted(results: Results, say: Translate) -> dict[str, Any] | None:
    """The record; none when the grader itself left points open, since Gradescope would take them for lost."""
    if results.pending_points:
        faults = [check.message for check in results.checks if check.outcome is Outcome.GRADER_FAULT]
        reason = visible.block(faults[0] if faults else "-")
        text = T("The grader itself failed here ({reason}); nobody lost a point, grade again.", reason=reason)
        sys.stderr.write(text.render(say) + "\n")
        return None
    return gradescope_results(results)


def _refused(refusal: Path, say: Translate) -> dict[str, Any] | None:
    """Why the submission cannot be read; none if that is not what went wrong."""
    return unread(refusal.read_text(encoding="utf-8"), say) if refusal.is_file() else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
