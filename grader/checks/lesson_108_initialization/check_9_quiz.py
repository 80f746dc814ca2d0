"""The quiz: a check for each question."""

from grader.judge.quiz import quiz_checks

globals().update(quiz_checks(__name__))
