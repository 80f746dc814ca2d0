"""A lesson's homework, read from homework/<lesson key>.toml and checked to the last key.

Shared by the kit and the grader, so that each fact of a homework stands once. The form::

    [artifact]                          # the file that is handed in
    file_name = "108_homework.npz"
    function = "run_homework"           # the student's function whose value it holds: of a data set and a seed
    written_by = "kit.save_homework"    # what messages tell the student to write it with
    cpu_seconds = 3600                  # for the function, where a grader calls it
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path, PurePosixPath

import msgspec

FOLDER = Path(__file__).resolve().parent / "homework"
TAKEN = ("", ".ipynb", ".py", ".zip")  # a file with such a name is something else in a submission


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


class HomeworkFacts(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What is fixed about a lesson's homework."""

    artifact: ArtifactFile


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
        homework = msgspec.toml.decode(path.read_bytes(), type=HomeworkFacts)
    except (OSError, UnicodeDecodeError) as error:
        raise HomeworkError(f"{path.name} cannot be read: {error}.") from error
    except msgspec.MsgspecError as error:
        raise HomeworkError(f"{path.name}: {_in_words(str(error))}.") from error
    if problem := _problem(homework.artifact):
        raise HomeworkError(f"{path.name}: {problem}.")
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


def _in_words(message: str) -> str:
    """What msgspec says, its path such as ``$.artifact.function`` as it stands in the file."""
    said, _, path = message.rstrip(".").partition(" - at ")
    place = re.sub(r"[`$]", "", path).strip(".")
    return f"{place}: {said}" if place else said
