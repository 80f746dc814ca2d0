"""The answers to a lesson's open questions: text cells that begin as the lesson has them; read, never run.

An instructor marks them (grader/marks/marking.py); here they are only found, cleaned and put beside their questions.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable

from data.quiz import INVITATION, load_quiz
from grader.language import visible
from grader.language.plain import plain
from grader.results import OpenAnswer

MAX_CHARACTERS = 20_000
MAX_READ = 4 * MAX_CHARACTERS  # some of which may not be visible
HEADING = re.compile(r"\s*\*\*\s*Respuesta\s+(?P<number>\d{1,3})\s*[.:]?\s*\*\*[.:]?", re.IGNORECASE | re.ASCII)
UNTOUCHED = re.compile(rf"\s*\*?{re.escape(INVITATION.strip('*'))}\*?")


def open_answers(lesson: str, texts: Iterable[str]) -> tuple[OpenAnswer, ...]:
    """Each open question of the lesson with what the student wrote; an empty answer if there is none.

    Args:
        lesson: its key.
        texts: the student's text cells, as Markdown.

    """
    questions = load_quiz(lesson).open_questions
    if not questions:
        return ()
    answers = answers_in(texts, range(1, len(questions) + 1))
    return tuple(
        OpenAnswer(number, plain(question.text), answers.get(number, ""), question.points)
        for number, question in enumerate(questions, start=1)
    )


def answers_in(texts: Iterable[str], numbers: Container[int] = range(1000)) -> dict[int, str]:
    """The answers to the questions of these numbers, by number. One in several cells is joined in their order.

    Of all its cells together, at most ``MAX_READ`` characters are looked at.
    """
    found: dict[int, list[str]] = {}
    read: Counter[int] = Counter()
    for text in texts:
        heading = HEADING.match(text)
        if heading is None or (number := int(heading["number"])) not in numbers:
            continue
        written = text[heading.end() : heading.end() + max(0, MAX_READ - read[number])]
        read[number] += len(text)
        if answer := _harmless(written):
            found.setdefault(number, []).append(answer)
    return {number: visible.block("\n\n".join(parts), MAX_CHARACTERS) for number, parts in found.items()}


def _harmless(text: str) -> str:
    """An answer without the lesson's invitation, without controls, within the limit."""
    invitation = UNTOUCHED.match(text)
    return visible.block(text[invitation.end() if invitation else 0 :].replace("\r\n", "\n"), MAX_CHARACTERS)
