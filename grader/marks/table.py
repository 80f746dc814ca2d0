"""A table of marks as a spreadsheet saves it: commas or semicolons, with or without a byte order mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from grader.language import visible
from grader.language.messages import T, Text, Told
from grader.marks.spreadsheet import BOM, uncell

NEEDED = ("submission", "question", "points")
COLUMNS = ("submission", "student", "lesson", "question", "max_points", "answer", "points", "comment")
SEPARATORS = (";", "\t", ",")
MAX_BYTES = 64 * 2**20


class MarksError(Told):
    """The table of marks cannot be used; ``text`` names the lines and their values."""


@dataclass(frozen=True)
class Line:
    """A row of the table; ``number`` is that of its first line in the file."""

    number: int
    submission: str
    lesson: str
    question: str
    points: str
    comment: str


@dataclass(frozen=True)
class Table:
    """The cells as they are: a heading, and rows with the number of their first line."""

    separator: str
    heading: list[str]
    rows: list[tuple[int, list[str]]]


def read_lines(path: Path) -> Iterator[Line]:
    """The rows of a table of marks that have something in them.

    Raises:
        MarksError: the file is no such table.
        OSError: it cannot be read.

    """
    table = read_table(path)
    places = {name: index for index, name in enumerate(table.heading)}

    def cell(cells: list[str], name: str) -> str:
        return cells[places[name]].strip() if name in places else ""

    for number, cells in table.rows:
        yield Line(
            number,
            uncell(cell(cells, "submission")),
            cell(cells, "lesson"),
            cell(cells, "question"),
            cell(cells, "points"),
            uncell(cell(cells, "comment")),
        )


def read_table(path: Path) -> Table:
    """The table in a file, once its heading is known to be one of ours. Raises MarksError and OSError."""
    text = _text(path)
    first, _, rest = text.partition("\n")
    skipped = 0
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:  # a line for Excel alone
        text, skipped = rest, 1
    separator = max(SEPARATORS, key=text.lstrip().partition("\n")[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rows: list[tuple[int, list[str]]] = []
    line = 0
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                rows.append((line + 1 + skipped, cells))
            line = reader.line_num
    except csv.Error as error:
        raise refused(path, [_torn(line + 1 + skipped, error)]) from error
    heading = [cell.strip().lower() for cell in rows[0][1]] if rows else []
    if problem := _problem(heading):
        raise refused(path, [problem])
    return Table(separator, heading, [(number, _full(path, number, cells, heading)) for number, cells in rows[1:]])


def refused(path: Path, problems: list[Text], count: int = 1) -> MarksError:
    """The error for a file with these problems, of ``count`` that there are."""
    lines = {f"problem{index}": problem for index, problem in enumerate(problems)}
    listed = Text("\n".join(f"  {{{name}}}" for name in lines), lines)
    shown_path = visible.line(str(path))
    if count > len(problems):
        return MarksError(
            T(
                "{path} cannot be used; the first of {count} problems:\n{problems}",
                path=shown_path,
                count=count,
                problems=listed,
            )
        )
    return MarksError(T("{path} cannot be used:\n{problems}", path=shown_path, problems=listed))


def _text(path: Path) -> str:
    if path.stat().st_size > MAX_BYTES:
        raise refused(path, [T("it is larger than {limit} MB", limit=MAX_BYTES // 2**20)])
    content = path.read_bytes()
    try:
        text = content.decode("utf-8").removeprefix(BOM)
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise refused(path, [T("line {line} is not UTF-8: save the table as «CSV UTF-8»", line=line)]) from error
    if "\0" in text:
        raise refused(path, [T("it is no text: save the table as «CSV UTF-8»")])
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _problem(heading: list[str]) -> Text | None:
    for name in NEEDED:
        if name not in heading:
            return T(
                "line 1: the column {name} is missing; there are {found}",
                name=name,
                found=", ".join(visible.line(each, 40) or "–" for each in heading[:10]) or "–",
            )
    for index, name in enumerate(heading):
        if name not in COLUMNS and name:
            return T(
                "line 1: there is no column {name}; there may be {known}",
                name=visible.line(name, 40),
                known=", ".join(COLUMNS),
            )
        if name and name in heading[:index]:
            return T("line 1: the column {name} stands there twice", name=name)
    return None


def _torn(line: int, error: csv.Error) -> Text:
    """Why a row cannot be cut into cells; the module's words are English."""
    if "larger" in str(error):
        return T("line {line}: a cell has more than {limit} characters", line=line, limit=csv.field_size_limit())
    return T("line {line}: a text in quotes does not end, or goes on after them", line=line)


def _full(path: Path, number: int, cells: list[str], heading: list[str]) -> list[str]:
    """The cells of a row; a spreadsheet may leave out empty ones at its end."""
    if any(cell.strip() for cell in cells[len(heading) :]):
        raise refused(
            path,
            [
                T(
                    "line {line}: {cells} cells in {columns} columns; a text with the separator needs quotes",
                    line=number,
                    cells=len(cells),
                    columns=len(heading),
                )
            ],
        )
    return [*cells, *[""] * (len(heading) - len(cells))][: len(heading)]
