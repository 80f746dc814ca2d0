"""Run the grader from a cell, on the notebook that is being edited."""

import os
import re
import subprocess
import sys
from pathlib import Path

SPANISH = {"tarea": "homework", "cuestionario": "quiz"}
KEY = re.compile(r"(?P<lesson>\d+)(?:\.(?P<exercise>\w+))?")


def check(what: str) -> None:
    """Check one exercise, or a whole lesson, and print the grader's verdict below the cell.

    Args:
        what: ``"108.2"`` for exercise 2 of lesson 108, ``"108.tarea"`` for its homework, ``"108.cuestionario"`` for its
            quiz, ``"108"`` for all of it. The grader says so when the lesson has no such exercise.

    Raises:
        ValueError: if ``what`` has another form, or there is no such lesson.
        FileNotFoundError: if the grader is not beside the lessons.

    """
    lessons = Path(__file__).resolve().parents[1]
    root = lessons.parent
    if not (root / "grader").is_dir():
        raise FileNotFoundError(
            f"No encuentro la carpeta «grader» en {root}. Abre el cuaderno dentro de la copia completa del curso."
        )
    arguments = grader_arguments(what, lesson_numbers(root / "grader" / "checks"))
    print("Se revisa el cuaderno tal como está guardado en el disco: guárdalo (Ctrl+S) antes de ejecutar esta celda.")
    _stream([sys.executable, "-m", "pytest", "grader", "--submission", str(lessons), *arguments], root)


def lesson_numbers(checks: Path) -> list[str]:
    """Return the numbers of the lessons that the grader has checks for."""
    return sorted(path.name.split("_")[1] for path in checks.glob("lesson_*"))


def grader_arguments(what: str, lessons: list[str]) -> list[str]:
    """Return the grader's options for ``"108"``, ``"108.2"``, ``"108.tarea"`` or ``"108.cuestionario"``."""
    key = KEY.fullmatch(what.strip()) if isinstance(what, str) else None
    if key is None or key["lesson"] not in lessons:
        raise ValueError(
            f"No conozco {what!r}. Puedes pedir una clase ({', '.join(lessons)}) o una parte de ella, como "
            '"108.2", "108.tarea" o "108.cuestionario".'
        )
    exercise = key["exercise"]
    return ["--lesson", key["lesson"], *(["--exercise", SPANISH.get(exercise.lower(), exercise)] if exercise else [])]


def _stream(command: list[str], folder: Path) -> None:
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(  # noqa: S603  (the command is this module's own)
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
