"""Records of submissions as the reports, the exports and the marks read them: graded by nobody, written by hand."""

import msgspec

from grader.graded import Graded, Status
from grader.results import CheckResult, Curve, Exhibit, Outcome, collect


def judged(identifier="108.1.fans", outcome=Outcome.PASSED, message="", points=2.0, exercise="1", sentence="It."):
    """One check's outcome."""
    earned = points if outcome is Outcome.PASSED else 0.0
    return CheckResult(identifier, exercise, outcome, earned, points, message, sentence)


def graded(key="ana-7", checks=(), student="Ana Pérez", exhibits=(), notices=(), **fields):
    """A graded submission with these checks."""
    results = collect("108_initialization", "108_initialization.ipynb", 5, checks, notices, {"keras": "3.15"}, exhibits)
    name, lesson = f"{student}_7_assignsubmission_file", "108_initialization"
    record = Graded(key, name, student, "moodle", "7", lesson, Status.GRADED)
    return msgspec.structs.replace(record, results=results, **fields)


def hostile(text, key="evil-1"):
    """A submission in which everything that a student can write is ``text``."""
    exhibits = [Exhibit(text, "lines", [Curve(text, [0.1, 0.5])]), Exhibit(text, "bars", [Curve(text, [1.0, 2.0])])]
    record = graded(
        key,
        [judged(outcome=Outcome.FAILED, message=text, sentence=text, identifier=text, exercise=text)],
        text,
        exhibits,
        [text],
        flags=[text, f"copy:{text}"],
        layers=[text],
        message=text,
        submission=text,
        lesson=text,
    )
    assert record.results is not None
    results = msgspec.structs.replace(record.results, submission=text, lesson=text, versions={text: text})
    return msgspec.structs.replace(record, results=results)
