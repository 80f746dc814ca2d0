"""The checks of a quiz: one for each question of data/quizzes/<lesson key>.toml, made from the file.

A lesson declares them with one line, in a module ``check_9_quiz.py`` beside its other checks::

    globals().update(quiz_checks(__name__))
"""

from __future__ import annotations

from typing import Any

from data.quiz import LETTERS, Question, load_quiz
from grader.exercises import QUIZ
from grader.judge.check import CheckFunction, Mismatch, Student, Unanswered, check
from grader.judge.expect import show
from grader.language.messages import T, Text
from grader.language.plain import plain
from grader.lesson import PREFIX
from grader.randomness import Generator
from grader.results import Outcome

FUNCTION = "quiz_answers"
POINTS = 1.0


def quiz_checks(module: str) -> dict[str, CheckFunction]:
    """The checks by the names of their functions, which pytest finds in the module of this dotted name.

    Raises:
        QuizError: the lesson's quiz cannot be used.

    """
    key = next(part for part in module.split(".") if part.startswith(PREFIX)).removeprefix(PREFIX)
    questions = enumerate(load_quiz(key).questions, start=1)
    return {f"check_question_{number:02}": _declared(number, question) for number, question in questions}


def _declared(number: int, question: Question) -> CheckFunction:
    def ask(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
        judge_answer(student, number, question)

    ask.__name__ = ask.__qualname__ = f"check_question_{number:02}"
    ask.__doc__ = plain(question.text)
    return check(QUIZ, POINTS)(ask)


def judge_answer(student: Student, number: int, question: Question) -> None:
    """Nothing, if the student chose the right option. The message for a wrong one is its feedback."""
    answer = student.once(QUIZ, lambda _: _answers(student)).get(number)
    if answer is None or (isinstance(answer, str) and not answer.strip()):
        raise Unanswered(
            Outcome.NOT_RUN,
            T(
                "Question {number} has no answer yet: `{function}` gives no letter for it.",
                number=number,
                function=FUNCTION,
            ),
        )
    letter = answer.strip().rstrip(")").rstrip().lower() if isinstance(answer, str) else ""
    if letter not in question.lettered:
        raise Mismatch(
            T(
                "The answer to question {number} should be one letter: {letters}. Received {received}.",
                number=number,
                letters=", ".join(LETTERS[: len(question.options)]),
                received=show(answer),
            )
        )
    if letter != question.answer:
        raise Mismatch(
            T("You chose {letter}. {feedback}", letter=letter, feedback=Text(plain(question.lettered[letter].feedback)))
        )


def _answers(student: Student) -> dict[int, Any]:
    """What the student answered, by the question's number, given as a number or as a text."""
    value = student.call(FUNCTION)
    if not isinstance(value, dict):
        raise Mismatch(
            T(
                "`{function}` should return a dictionary with a letter for each question, such as {example}; received "
                "{received}.",
                function=FUNCTION,
                example='{1: "b", 2: "a"}',
                received=show(value),
            )
        )
    answers: dict[int, Any] = {}
    for key, answer in value.items():
        if (number := _number(key)) in answers:
            raise Mismatch(T("`{function}` answers question {number} twice.", function=FUNCTION, number=number))
        if number:
            answers[number] = answer
    return answers


def _number(key: Any) -> int:
    """The question that a key means; 0, which is none, for what is no number."""
    if isinstance(key, int) and not isinstance(key, bool):
        return key
    text = key.strip() if isinstance(key, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
