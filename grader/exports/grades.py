"""``grades.csv``: a row for each submission, for spreadsheets; and the cells that all tables are made of."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.record import Graded, shown

COLUMNS = ("submission", "student", "lesson", "points", "max_points", "percent", "status", "flags")
BOM = "\ufeff"  # without it Excel takes UTF-8 for the local encoding
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%")

Cell = str | float | None


def table(rows: Iterable[Sequence[Cell]]) -> str:
    """The rows as CSV: numbers as numbers, texts so that no spreadsheet takes one for a formula."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


def cell(value: Cell) -> str:
    """One cell; None stays empty."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = shown(value, 1000)
    return f"'{text}" if text.lstrip("'\" ").startswith(FORMULA) else text


def grades_row(graded: Graded) -> list[Cell]:
    """A submission's row. Points are empty where nothing was graded, rather than 0."""
    results = graded.results
    points = results.points if results else None
    maximum = results.max_points if results else None
    flags = [*graded.flags, f"open:{results.pending_points:g}"] if results and results.pending_points else graded.flags
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
