"""A lesson's quiz and open questions, read from quizzes/<lesson key>.toml and checked to the last option.

Shared by the generator, which shows the questions to students, and by the judge, which knows the answers. The form::

    [[questions]]
    text = "¿…?"                 # Markdown, with $LaTeX$
    [[questions.options]]        # three or four
    text = "…"
    feedback = "…"               # for a wrong option why it is wrong, for the right one why it is right
    right = true                 # on exactly one option

    [[open_questions]]
    text = "…"
    points = 2
"""

from __future__ import annotations

import math
import re
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import msgspec

FOLDER = Path(__file__).resolve().parent / "quizzes"
LETTERS = "abcd"
OPTIONS = (3, 4)
MAX_OPEN_POINTS = 100.0
INVITATION = "*Escribe aquí tu respuesta.*"


class QuizError(ValueError):
    """A quiz file cannot be used; the message names the file, the question and what is wrong with it."""


class Option(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One answer to choose; ``feedback`` says why it is right or wrong."""

    text: str
    feedback: str
    right: bool = False


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question with one right option; the options are called a, b, c, d."""

    text: str
    options: tuple[Option, ...]

    @property
    def answer(self) -> str:
        """The letter of the right option."""
        return next(letter for letter, option in self.lettered.items() if option.right)

    @property
    def lettered(self) -> dict[str, Option]:
        """The options by letter."""
        return dict(zip(LETTERS, self.options, strict=False))


class OpenQuestion(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A question that is answered in writing and marked by the instructor, out of ``points``."""

    text: str
    points: float


class Quiz(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a lesson asks at its end."""

    questions: tuple[Question, ...] = ()
    open_questions: tuple[OpenQuestion, ...] = ()


@cache
def load_quiz(lesson: str, folder: Path = FOLDER) -> Quiz:
    """The quiz of the lesson with this key; an empty one if the lesson has none.

    Raises:
        QuizError: the file cannot be read or is not as described at the top of this module.

    """
    path = folder / f"{lesson}.toml"
    if not path.exists():
        return Quiz()
    try:
        quiz = msgspec.toml.decode(path.read_bytes(), type=Quiz)
    except (OSError, UnicodeDecodeError) as error:
        raise QuizError(f"{path.name} cannot be read: {error}.") from error
    except msgspec.MsgspecError as error:
        raise QuizError(f"{path.name}: {_in_words(str(error))}.") from error
    if problem := _problem(quiz):
        raise QuizError(f"{path.name}: {problem}.")
    return quiz


def answer_heading(number: int) -> str:
    """How the cell begins in which a student answers an open question."""
    return f"**Respuesta {number}.**"


def _problem(quiz: Quiz) -> str:
    """The first thing that is wrong, in words; empty if nothing is."""
    if not quiz.questions and not quiz.open_questions:
        return "it holds no question"
    closed = (
        f"question {number}{problem}"
        for number, question in enumerate(quiz.questions, start=1)
        if (problem := _problem_of(question))
    )
    opened = (
        f"open question {number}{problem}"
        for number, question in enumerate(quiz.open_questions, start=1)
        if (problem := _problem_of_open(question))
    )
    return next(closed, "") or next(opened, "")


def _problem_of(question: Question) -> str:
    right = [letter for letter, option in question.lettered.items() if option.right]
    texts = [option.text.strip() for option in question.options]
    if not question.text.strip():
        return " has no text"
    if len(question.options) not in OPTIONS:
        return f" has {len(question.options)} options; expected three or four"
    for letter, option in question.lettered.items():
        if missing := [name for name in ("text", "feedback") if not getattr(option, name).strip()]:
            return f", option {letter}, has no {missing[0]}"
    if len(set(texts)) < len(texts):
        return " has two options with the same text"
    if len(right) != 1:
        named = f" ({', '.join(right)})" if right else ""
        return f" has {len(right)} right options{named}; expected exactly one"
    return ""


def _problem_of_open(question: OpenQuestion) -> str:
    if not question.text.strip():
        return " has no text"
    if not (math.isfinite(question.points) and 0 < question.points <= MAX_OPEN_POINTS):
        return f" has {question.points:g} points; expected more than 0 and at most {MAX_OPEN_POINTS:g}"
    return ""


def _in_words(message: str) -> str:
    """What msgspec says, its path such as ``$.questions[2].options[0]`` as people count."""
    said, _, path = message.partition(" - at ")
    if found := re.match(r"`\$\.(questions|open_questions)\[(\d+)\](?:\.options\[(\d+)\])?", path):
        kind = {"questions": "question", "open_questions": "open question"}[found[1]]
        option = f", option {ascii_lowercase[int(found[3]) % 26]}" if found[3] else ""
        return f"{kind} {int(found[2]) + 1}{option}: {said}"
    return said.rstrip(".")
