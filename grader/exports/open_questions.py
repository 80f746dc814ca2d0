"""``open_questions.csv``: every answer to an open question with room for a mark; marks that stand in it stay in it."""

from __future__ import annotations

import csv
import io
from collections import Counter
from pathlib import Path

from grader.files import write_whole
from grader.graded import Graded
from grader.marks.spreadsheet import BOM, FORMULA, cell
from grader.marks.table import COLUMNS, MarksError, Table, read_table
from grader.results import OpenAnswer

NAME, BESIDE = "open_questions.csv", "open_questions.new.csv"
IDENTITY, OWN = ("submission", "lesson", "question"), ("points", "comment")

Cells = dict[str, str]


class OpenQuestionsTable:
    """The table of a batch. Give it every record, then write it.

    A file that was filled in keeps its separator, its marks and its comments to the letter, also those of submissions
    that are gone. One that cannot be read is ``left_alone``, and the new table is written beside it.
    """

    def __init__(self, out: Path) -> None:
        self.left_alone: Path | None = None
        self._path = out / NAME
        self._separator = ","
        self._kept: dict[tuple[str, ...], Cells] = {}
        self._rest: list[Cells] = []
        self._rows: list[tuple[str, Cells]] = []
        if self._path.exists():
            try:
                self._take(read_table(self._path))
            except MarksError:
                self.left_alone, self._path = self._path, out / BESIDE

    def _take(self, table: Table) -> None:
        self._separator = table.separator
        for _, cells in table.rows:
            row = dict(zip(table.heading, cells, strict=True))
            key = tuple(row.get(name, "").strip() for name in IDENTITY)
            if any(row.get(name, "").strip() for name in OWN) and self._kept.setdefault(key, row) is not row:
                self._rest.append(row)

    def add(self, graded: Graded) -> None:
        """Take in the open questions of one submission."""
        for answer in graded.results.open_answers if graded.results else ():
            self._rows.append((graded.key, self._row(graded, answer)))

    def _row(self, graded: Graded, answer: OpenAnswer) -> Cells:
        return {
            "submission": cell(graded.submission),
            "student": cell(graded.student),
            "lesson": cell(graded.lesson),
            "question": str(answer.number),
            "max_points": self._number(answer.max_points),
            "answer": cell(answer.answer),
            "points": self._number(answer.points),
            "comment": cell(answer.comment),
        }

    def _number(self, value: float | None) -> str:
        """As the program that separates by semicolons writes numbers: with a comma."""
        return cell(value).replace(".", ",") if self._separator == ";" else cell(value)

    def write(self) -> Path | None:
        """Write the table, if there is anything in it; returns where."""
        named = Counter(tuple(row[name] for name in IDENTITY) for _, row in self._rows)
        rows = []
        for key, row in self._rows:
            if named[tuple(row[name] for name in IDENTITY)] > 1:  # two submissions are shown by the same name
                row["submission"] = key
            rows.append(row | self._marks_of(row))
        rows += [*self._kept.values(), *self._rest]
        if not rows:
            return None
        file = io.StringIO(newline="")
        writer = csv.writer(file, delimiter=self._separator, lineterminator="\r\n")
        writer.writerow(COLUMNS)
        writer.writerows([_safe(row.get(name, "")) for name in COLUMNS] for row in rows)
        write_whole(self._path, (BOM + file.getvalue()).encode("utf-8", "replace"))
        return self._path

    def _marks_of(self, row: Cells) -> Cells:
        """The marks that the file had for a row; the lesson may be left out there, or be a number."""
        name, lesson, question = (row[each] for each in IDENTITY)
        for written in (lesson, lesson.partition("_")[0], ""):
            if kept := self._kept.pop((name, written, question), None):
                return {each: kept.get(each, "") for each in OWN}
        return {}


def _safe(text: str) -> str:
    """A cell that no spreadsheet takes for a formula; what stood in the file is not changed otherwise."""
    return f"'{text}" if text.lstrip().startswith(FORMULA) else text
