"""Writes all tables and gradebook files of a batch in one pass over it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from grader.exports.gradebooks import CanvasGradebook, MoodleWorksheet
from grader.exports.grades import COLUMNS, grades_row
from grader.exports.gradescope import gradescope_results, unread
from grader.exports.open_questions import OpenQuestionsTable
from grader.files import write_whole
from grader.graded import Graded, Status
from grader.keyed_folder import KeyedFolder
from grader.language.messages import Translate
from grader.marks.spreadsheet import BOM, table
from grader.names import safe_name


@dataclass(frozen=True)
class Exported:
    """The tables that were written. ``left_alone`` is a table of marks that cannot be read; its new one is the last."""

    tables: list[Path]
    left_alone: Path | None


def write_exports(
    out: Path,
    graded: Iterable[Graded],
    say: Translate,
    *,
    language: str = "es",
    moodle_maximum: float | None = None,
) -> Exported:
    """Write ``grades.csv``, ``open_questions.csv`` and, for submissions from there, files for each LMS.

    Args:
        out: an existing folder.
        graded: the submissions; each is let go before the next is asked for.
        say: the language of the texts.
        language: that of the Moodle site, which finds columns by their names: ``es`` or ``en``.
        moodle_maximum: the assignment's maximum grade in Moodle, if it is not the lesson's points.

    Returns:
        What was written and what was left alone; Gradescope's files are in ``out/gradescope``.

    Raises:
        OSError: a file cannot be written.

    """
    canvas, worksheets = CanvasGradebook(), dict[str, MoodleWorksheet]()
    rows, open_questions = [table([COLUMNS])], OpenQuestionsTable(out)
    gradescope = KeyedFolder(out / "gradescope", ".json")
    for each in graded:
        rows.append(table([grades_row(each)]))
        canvas.add(each)
        open_questions.add(each)
        worksheets.setdefault(each.lesson, MoodleWorksheet(language, moodle_maximum)).add(each)
        if each.lms == "gradescope":
            _write_gradescope(gradescope, each, say)
    gradescope.remove_others()
    files = {"grades.csv": BOM + "".join(rows), "canvas.csv": canvas.content()}
    files |= {f"moodle-{safe_name(lesson)}.csv": sheet.content() for lesson, sheet in worksheets.items()}
    tables = [*_written(out, files), *filter(None, [open_questions.write()])]
    return Exported(tables, open_questions.left_alone)


def _written(out: Path, files: dict[str, str]) -> list[Path]:
    """Write the tables that have content; of one that has none, no earlier run's may be taken for this one's."""
    for name, content in files.items():
        if content:
            write_whole(out / name, content.encode("utf-8", "replace"))
        else:
            (out / name).unlink(missing_ok=True)
    return [out / name for name, content in files.items() if content]


def _write_gradescope(folder: KeyedFolder, graded: Graded, say: Translate) -> None:
    """The ``results.json`` of one submission; none while the grader's own failure leaves points open."""
    if graded.status is Status.FAULT or (graded.results and not graded.is_final):
        return
    results = graded.results
    content = gradescope_results(results, graded.cpu_seconds) if results else unread(graded.message, say)
    folder.write(graded.key, msgspec.json.encode(content))
