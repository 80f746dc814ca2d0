"""Grades as files for other programs: spreadsheets, Canvas' and Moodle's gradebooks, Gradescope."""

from grader.exports.write import write_exports

__all__ = ["write_exports"]
