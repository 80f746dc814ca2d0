"""What a new lesson is to be called, and where it cannot be made."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

KEY = re.compile(r"\d{3}(_[a-z][a-z0-9]*)+", re.ASCII)
LONGEST_KEY, LONGEST_TITLE = 40, 80
CHECKOUT = ("solutions", "lessons", "data/quizzes", "grader/checks", "tests/samples")
NAMED_BY_NUMBER = ("solutions/{}_*", "data/quizzes/{}_*", "grader/checks/lesson_{}_*", "lessons/{}_*")


class RefusedError(ValueError):
    """The lesson cannot be made; the message is a sentence."""


@dataclass(frozen=True)
class NewLesson:
    """A key such as ``110_batchnorm`` and a title of one line.

    Raises:
        RefusedError: one of them has another form.

    """

    key: str
    title: str

    def __post_init__(self) -> None:
        if not KEY.fullmatch(self.key) or len(self.key) > LONGEST_KEY:
            raise RefusedError(
                f"The key {self.key!r} is not a number of three digits and lower-case words, such as 110_batchnorm, "
                f"of at most {LONGEST_KEY} characters."
            )
        if not (self.title.strip() and self.title.isprintable() and len(self.title) <= LONGEST_TITLE):
            raise RefusedError(f"The title {self.title!r} is not one line of 1 to {LONGEST_TITLE} characters.")

    @property
    def number(self) -> str:
        """``110``."""
        return self.key[:3]

    def require_free(self, root: Path) -> None:
        """Nothing, if ``root`` is a checkout of this project in which no lesson has the number. Raises RefusedError."""
        if missing := [name for name in CHECKOUT if not (root / name).is_dir()]:
            raise RefusedError(f"{root} is no checkout of this project: it has no {missing[0]}.")
        patterns = (pattern.format(self.number) for pattern in NAMED_BY_NUMBER)
        if taken := sorted(path for pattern in patterns for path in root.glob(pattern)):
            raise RefusedError(f"The number {self.number} is taken by {taken[0].relative_to(root).as_posix()}.")
