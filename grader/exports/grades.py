"""``grades.csv``: a row for each submission, for spreadsheets."""

from __future__ import annotations

from grader.graded import Graded
from grader.marks.spreadsheet import Value

COLUMNS = ("submission", "student", "lesson", "points", "max_points", "percent", "status", "flags")


def grades_row(graded: Graded) -> list[Value]:
    """A submission's row. Points are empty where nothing was graded, rather than 0."""
    results = graded.results
    points = results.points if results else None
    maximum = results.max_points if results else None
    flags = [*graded.flags]
    if results and results.pending_points:
        flags.append(f"open:{results.pending_points:g}")
    if results and results.unmarked_points:
        flags.append(f"unmarked:{results.unmarked_points:g}")
    return [
        graded.submission,
        graded.student,
        graded.lesson,
        points,
        maximum,
        None if points is None or not maximum else round(100 * points / maximum, 2),
        graded.status,
        "; ".join(flags),
    ]
