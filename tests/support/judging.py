"""The checks of a lesson on students that answer in this process."""

from grader.exercises import QUIZ
from grader.grade import checks_of
from grader.judge.check import judge
from grader.language.messages import translator
from grader.lesson import Lesson
from grader.randomness import generator_for
from grader.results import Outcome
from tests.support.students import AnyStudent

SEED = 11
NO_GOOD = {Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN}
ENGLISH, SPANISH = translator("en"), translator("es")


class Checks(dict):
    """A lesson's checks by their names, but for those of the quiz (test_quiz.py)."""

    def __init__(self, lesson):
        self.lesson = Lesson(lesson)
        self.every = checks_of(self.lesson)
        super().__init__({each.name: each for each in self.every if each.exercise != QUIZ})

    def outcome_of(self, name, student, seed=SEED, say=ENGLISH):
        """The result of one check on one student."""
        return judge(self[name], student, generator_for(seed, self.identifier(name)), self.lesson, say)

    def identifier(self, name):
        """What results call it."""
        return self[name].identifier(self.lesson)

    def on_file(self):
        """The names of those that read the homework's file."""
        return [name for name in self if self._reads_file(name)]

    def _reads_file(self, name):
        student = AnyStudent(0)
        self.outcome_of(name, student)
        return student.file_was_read
