"""A lesson's homework, read from homework/<lesson key>.toml and checked to the last key.

Shared by the kit and the grader, so that each fact of a homework stands once. The form::

    [artifact]                          # the file that is handed in
    file_name = "108_homework.npz"
    function = "run_homework"           # the student's function whose value it holds: of a data set and a seed
    written_by = "kit.save_homework"    # what messages tell the student to write it with
    cpu_seconds = 3600                  # for the function, where a grader calls it

Other tables are what the lesson's own code asks for, such as ``[protocol]`` of lesson 108.

Every student trains with a seed of their own, which follows from their identifier, so that honest files differ.
"""

from __future__ import annotations

import hashlib
import math
import re
import unicodedata
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any, TypeVar

import msgspec

FOLDER = Path(__file__).resolve().parent / "homework"
HISTORY_KEYS = ("loss", "accuracy", "val_loss", "val_accuracy")
"""What the history of a training holds, in every lesson: a value of each for each epoch."""
TAKEN = ("", ".ipynb", ".py", ".zip")  # a file with such a name is something else in a submission

PLACEHOLDER = "escribe-aquí-tu-identificador"
"""What stands in the notebook where students write their identifier."""

Form = TypeVar("Form")


class HomeworkError(ValueError):
    """A homework's file cannot be used; the message names the file and what is wrong with it."""


class ArtifactFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file that a student hands in beside the notebook, and the function whose value it holds."""

    file_name: str
    function: str
    written_by: str
    cpu_seconds: float

    @property
    def stem(self) -> str:
        """The file's name without its suffix, in small letters."""
        return PurePosixPath(self.file_name).stem.casefold()

    @property
    def suffix(self) -> str:
        """What kind of file it is, in small letters."""
        return PurePosixPath(self.file_name).suffix.lower()


class HomeworkFacts(msgspec.Struct, frozen=True):
    """What is fixed about a lesson's homework, in ``tables`` by their names. ``file_name`` is where it stands."""

    file_name: str
    tables: dict[str, dict[str, Any]]

    @property
    def artifact(self) -> ArtifactFile:
        """The file that is handed in."""
        return self.table("artifact", ArtifactFile)

    def table(self, name: str, form: type[Form]) -> Form:
        """One table as the type that is expected. Raises HomeworkError if it is not there or is something else."""
        if name not in self.tables:
            raise HomeworkError(f"{self.file_name}: it has no table [{name}].")
        try:
            return msgspec.convert(self.tables[name], form)
        except msgspec.ValidationError as error:
            raise HomeworkError(f"{self.file_name}: [{name}] {_in_words(error)}.") from error


def homework_seed(student_id: str) -> int:
    """The seed of a student's homework, from 0 to 2³¹ − 1: the same for one identifier however its letters are written.

    Raises:
        ValueError: there is no identifier.

    """
    identifier = "".join(unicodedata.normalize("NFKC", student_id).split()).casefold()
    if not identifier:
        raise ValueError(f"student_id debe ser un texto no vacío con tu identificador; llegó {student_id!r}.")
    if identifier == PLACEHOLDER:
        raise ValueError(f"Escribe tu identificador en lugar de {PLACEHOLDER!r}: de él sale la semilla de tu tarea.")
    return int.from_bytes(hashlib.sha256(identifier.encode()).digest()[:4]) % 2**31


def homework_of(lesson: str) -> HomeworkFacts:
    """The homework of a lesson that has one. Raises HomeworkError."""
    found = load_homework(lesson)
    if found is None:
        raise HomeworkError(f"{lesson}.toml: there is no such file.")
    return found


@cache
def load_homework(lesson: str, folder: Path = FOLDER) -> HomeworkFacts | None:
    """The homework of the lesson with this key; None if the lesson has none.

    Raises:
        HomeworkError: the file cannot be read or is not as described at the top of this module.

    """
    path = folder / f"{lesson}.toml"
    if not path.exists():
        return None
    try:
        tables = msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, Any]])
    except (OSError, UnicodeDecodeError) as error:
        raise HomeworkError(f"{path.name} cannot be read: {error}.") from error
    except msgspec.MsgspecError as error:
        raise HomeworkError(f"{path.name}: {_in_words(error)}.") from error
    homework = HomeworkFacts(path.name, tables)
    if problem := _problem(homework.artifact):
        raise HomeworkError(f"{path.name}: [artifact] {problem}.")
    return homework


def _problem(artifact: ArtifactFile) -> str:
    """The first thing that is wrong, in words; empty if nothing is."""
    if artifact.suffix in TAKEN or PurePosixPath(artifact.file_name).name != artifact.file_name:
        return f"file_name is {artifact.file_name!r}; expected a name with a suffix of its own, and no folder"
    if not artifact.function.isidentifier():
        return f"function is {artifact.function!r}; expected the name of a function"
    if not artifact.written_by.strip():
        return "written_by is empty"
    if not (math.isfinite(artifact.cpu_seconds) and artifact.cpu_seconds > 0):
        return f"cpu_seconds is {artifact.cpu_seconds:g}; expected more than 0"
    return ""


def _in_words(error: msgspec.MsgspecError) -> str:
    """What msgspec says, its path such as ``$.function`` as it stands in the file."""
    said, _, path = str(error).rstrip(".").partition(" - at ")
    place = re.sub(r"[`$]", "", path).strip(".")
    return f"{place}: {said}" if place else said
