"""Gradescope's ``results.json``: a test for each check. All texts are declared plain, so that none is read as HTML.

As a program, inside Gradescope: ``python -m grader.exports.gradescope RESULTS.json OUT.json [LOG]`` turns the record of
`pytest grader` into that file; where there is no record, because the submission could not be read, it says so from LOG.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec

from grader.files import write_whole
from grader.messages import T, Text, Translate, clean, translator
from grader.results import CheckResult, Outcome, Results, read_json

MAX_OUTPUT = 4_000
USAGE_ERROR = "ERROR: "


def gradescope_results(results: Results, seconds: float = 0.0) -> dict[str, Any]:
    """The record as Gradescope reads it."""
    return {
        "score": results.points,
        "execution_time": round(seconds),
        "output": clean("\n".join(results.notices), MAX_OUTPUT),
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
        "output": clean(said, MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
        "stdout_visibility": "hidden",
        "tests": [],
    }


def _test(check: CheckResult) -> dict[str, Any]:
    test: dict[str, Any] = {
        "number": clean(check.id),
        "name": clean(check.sentence, MAX_OUTPUT),
        "name_format": "text",
        "score": check.points,
        "max_score": check.max_points,
        "status": "passed" if check.outcome is Outcome.PASSED else "failed",
        "output": clean(check.message, MAX_OUTPUT),
        "output_format": "text",
        "visibility": "visible",
    }
    return test


def _open_questions(results: Results) -> list[dict[str, Any]]:
    """The open questions with their marks, where these are part of the score."""
    return [
        {
            "number": f"open.{answer.number}",
            "name": clean(answer.question, MAX_OUTPUT),
            "name_format": "text",
            "score": answer.points or 0.0,
            "max_score": answer.max_points,
            "output": clean(answer.comment, MAX_OUTPUT),
            "output_format": "text",
            "visibility": "visible",
        }
        for answer in results.open_answers
        if results.with_marks
    ]


def main(arguments: list[str]) -> int:
    """Convert a record; exit 1 without writing anything when there is neither a record nor a reason."""
    record, out, log = (Path(each) for each in (*arguments, "/dev/null")[:3])
    if record.is_file():
        content = gradescope_results(read_json(record))
    else:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines() if log.is_file() else []
        reason = next((line.removeprefix(USAGE_ERROR) for line in lines if line.startswith(USAGE_ERROR)), "")
        if not reason:
            return 1
        content = unread(reason, translator("es"))
    write_whole(out, msgspec.json.format(msgspec.json.encode(content), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
