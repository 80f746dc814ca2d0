"""The lessons that can be graded: one for each folder in grader/checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from data.homework import ArtifactFile, load_homework

CHECKS = Path(__file__).resolve().parent / "checks"
ROOT = CHECKS.parents[1]
PREFIX = "lesson_"


@dataclass(frozen=True, order=True)
class Lesson:
    """A lesson's key, such as ``108_initialization``, names it in every tree of the project."""

    key: str

    @property
    def number(self) -> str:
        """The part of the key that people say: ``108``."""
        return self.key.partition("_")[0]

    @property
    def artifact(self) -> ArtifactFile | None:
        """The file in which a student hands in a trained homework; None if the lesson asks for none.

        Raises:
            HomeworkError: its declaration in data/homework cannot be used.

        """
        homework = load_homework(self.key)
        return homework.artifact if homework else None

    @property
    def checks(self) -> Path:
        """The folder with the lesson's checks, a module for each exercise."""
        return CHECKS / f"{PREFIX}{self.key}"

    def is_named_by(self, text: str) -> bool:
        """Whether a file name or an option means this lesson: its key, or its number standing alone."""
        return text == self.key or re.search(rf"(?<!\d){self.number}(?!\d)", text) is not None


def all_lessons() -> list[Lesson]:
    """Every lesson that has checks, by number."""
    return sorted(Lesson(path.name.removeprefix(PREFIX)) for path in CHECKS.glob(f"{PREFIX}*"))


def find_lesson(text: str) -> Lesson | None:
    """The lesson whose key or number is ``text``."""
    return next((lesson for lesson in all_lessons() if text in (lesson.key, lesson.number)), None)
