"""The cells of every table that leaves here or comes back: numbers as numbers, texts that no spreadsheet calculates."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from grader.language import visible

BOM = "\ufeff"  # without it Excel takes UTF-8 for the local encoding
FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r", "\n", "|", "%")

Value = str | float | None


def table(rows: Iterable[Sequence[Value]]) -> str:
    """The rows as CSV: numbers as numbers, texts so that no spreadsheet takes one for a formula."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\r\n").writerows([cell(value) for value in row] for row in rows)
    return file.getvalue()


def cell(value: Value) -> str:
    """One cell; None stays empty."""
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return f"{value:.10g}"
    text = visible.line(value, 1000)
    return f"'{text}" if text.lstrip("'\" ").startswith(FORMULA) else text


def uncell(text: str) -> str:
    """What ``cell`` was given, but for what it shortened."""
    rest = text.removeprefix("'")
    return rest if rest != text and rest.lstrip("'\" ").startswith(FORMULA) else text
