"""Grades as files for other programs: spreadsheets, Canvas' and Moodle's gradebooks, Gradescope."""
