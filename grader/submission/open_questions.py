"""The answers to a lesson's open questions: text cells that begin as the lesson has them; read, never run.

An instructor marks them (grader/marks/marking.py); here they are only found, cleaned and put beside their questions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from data.quiz import INVITATION, load_quiz
from grader.language import visible
from grader.language.plain import plain
from grader.results import OpenAnswer

MAX_CHARACTERS = 20_000
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
    answers = answers_in(texts)
    return tuple(
        OpenAnswer(number, plain(question.text), answers.get(number, ""), question.points)
        for number, question in enumerate(questions, start=1)
    )


def answers_in(texts: Iterable[str]) -> dict[int, str]:
    """The answers by the question's number. One that is spread over several cells is joined in their order."""
    found: dict[int, str] = {}
    for text in texts:
        heading = HEADING.match(text)
        if heading is None:
            continue
        number = int(heading["number"])
        answer = _harmless(text[heading.end() :])
        if answer:
            found[number] = visible.block("\n\n".join(filter(None, (found.get(number), answer))), MAX_CHARACTERS)
    return found


def _harmless(text: str) -> str:
    """An answer without the lesson's invitation, without controls, within the limit."""
    invitation = UNTOUCHED.match(text)
    return visible.block(text[invitation.end() if invitation else 0 :].replace("\r\n", "\n"), MAX_CHARACTERS)
