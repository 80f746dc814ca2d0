"""Files that Canvas' gradebook and Moodle's assignments import; docs/reports.md says how."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from grader.graded import Graded
from grader.marks.spreadsheet import Value, table
from grader.results import Outcome

CANVAS_PEOPLE = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")
CANVAS_POSSIBLE = "    Points Possible"  # Canvas finds the row by these words; the blanks are those of its own export

# The columns of Moodle's grading worksheet as Moodle itself calls them: it finds columns by the name in its language.
MOODLE_COLUMNS = {
    "en": ("Identifier", "Full name", "Grade", "Maximum grade", "Last modified (grade)", "Feedback comments"),
    "es": (
        "Identificador",
        "Nombre completo",
        "Calificación",
        "Calificación máxima",
        "Última modificación (calificación)",
        "Comentarios de retroalimentación",
    ),
}
MOODLE_PARTICIPANT = {"en": "Participant ", "es": "Participante "}


@dataclass
class CanvasGradebook:
    """A row for each student, a column for each lesson. Only final points are written; Canvas leaves empty cells."""

    _people: dict[str, str] = field(default_factory=dict)
    _points: dict[tuple[str, str], float] = field(default_factory=dict)
    _possible: dict[str, float] = field(default_factory=dict)

    def add(self, graded: Graded) -> None:
        """Take in a submission that came from Canvas with the student's number."""
        if graded.lms != "canvas" or not _is_number(graded.lms_id):
            return
        self._people.setdefault(graded.lms_id, graded.student)
        if graded.results is not None:
            self._possible[graded.lesson] = graded.results.max_points
            if graded.is_final:
                self._points[graded.lms_id, graded.lesson] = graded.results.points

    def content(self) -> str:
        """The file, empty if no submission came from Canvas."""
        if not self._people or not self._possible:
            return ""
        lessons = sorted(self._possible)
        header: list[Value] = [*CANVAS_PEOPLE, *lessons]
        possible: list[Value] = [CANVAS_POSSIBLE, "", "", "", "", *(self._possible[each] for each in lessons)]
        rows = [
            [name, identity, "", "", "", *(self._points.get((identity, each)) for each in lessons)]
            for identity, name in self._people.items()
        ]
        return table([header]) + _line(possible) + table(rows)


@dataclass
class MoodleWorksheet:
    """A grading worksheet of one assignment: participants as in the folder names, grades out of ``maximum``."""

    language: str
    maximum: float | None = None
    _rows: list[list[Value]] = field(default_factory=list)

    def add(self, graded: Graded) -> None:
        """Take in a submission that came from Moodle; one without final points is left out."""
        results = graded.results
        if graded.lms != "moodle" or not _is_number(graded.lms_id) or results is None or not graded.is_final:
            return
        maximum = self.maximum or results.max_points
        points = round(results.points * maximum / results.max_points, 2) if results.max_points else 0.0
        passed = sum(check.outcome is Outcome.PASSED for check in results.checks)
        comment = f"{results.points:g}/{results.max_points:g} · {passed}/{len(results.checks)} ✔"
        participant = MOODLE_PARTICIPANT[self.language] + graded.lms_id
        self._rows.append([participant, graded.student, points, maximum, "", comment])

    def content(self) -> str:
        """The file, empty if no submission came from Moodle."""
        return table([MOODLE_COLUMNS[self.language], *self._rows]) if self._rows else ""


def _is_number(identity: str) -> bool:
    return re.fullmatch(r"\d{1,20}", identity, re.ASCII) is not None


def _line(cells: list[Value]) -> str:
    """A line whose leading blanks must stay; nothing in it comes from a student."""
    return ",".join(each if isinstance(each, str) else f"{each:.10g}" for each in cells) + "\r\n"
