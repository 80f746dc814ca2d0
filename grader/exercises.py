"""What the parts of a lesson are called, in results and to people: exercises by number, the homework, the quiz."""

from __future__ import annotations

from grader.language.messages import T, Text

HOMEWORK, QUIZ = "homework", "quiz"


def exercise_name(exercise: str) -> Text:
    """What an exercise is called."""
    names = {HOMEWORK: T("Homework"), QUIZ: T("Quiz")}
    return names.get(exercise) or T("Exercise {exercise}", exercise=exercise)
