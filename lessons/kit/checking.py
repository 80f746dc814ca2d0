"""Run the grader from a cell, on the notebook that is being edited."""

import os
import subprocess
import sys
from pathlib import Path

EXERCISES = {"1": "1", "2": "2", "3": "3", "4": "4", "5": "5", "tarea": "homework"}


def check(what: str) -> None:
    """Check one exercise, or a whole lesson, and print the grader's verdict below the cell.

    Args:
        what: ``"108.2"`` for exercise 2 of lesson 108, ``"108.tarea"`` for its homework, ``"108"`` for all of it.

    Raises:
        ValueError: if ``what`` has another form.
        FileNotFoundError: if the grader is not beside the lessons.

    """
    arguments = grader_arguments(what)
    lessons = Path(__file__).resolve().parents[1]
    root = lessons.parent
    if not (root / "grader").is_dir():
        raise FileNotFoundError(
            f"No encuentro la carpeta «grader» en {root}. Abre el cuaderno dentro de la copia completa del curso."
        )
    print("Se revisa el cuaderno tal como está guardado en el disco: guárdalo (Ctrl+S) antes de ejecutar esta celda.")
    _stream([sys.executable, "-m", "pytest", "grader", "--submission", str(lessons), *arguments], root)


def grader_arguments(what: str) -> list[str]:
    """Return the grader's options for ``"108"``, ``"108.2"`` or ``"108.tarea"``."""
    lesson, _, exercise = what.partition(".")
    known = ", ".join(f'"108.{key}"' for key in EXERCISES)
    if lesson != "108" or (exercise not in EXERCISES and what != lesson):
        raise ValueError(f'No conozco "{what}". Puedes pedir "108" (todo) o una parte: {known}.')
    chosen = ["--exercise", EXERCISES[exercise]] if exercise else []
    return ["--lesson", lesson, *chosen]


def _stream(command: list[str], folder: Path) -> None:
    environment = os.environ | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
    with subprocess.Popen(  # noqa: S603  (the command is this module's own)
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
    ) as process:
        for line in process.stdout or ():
            print(line, end="", flush=True)
