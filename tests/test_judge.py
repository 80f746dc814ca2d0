"""From what a check raises to its result, and from a seed to what it draws."""

import pytest
from fakes import AnyStudent

from grader.check import GraderFault, Mismatch, Unanswered, check, generator_for, judge
from grader.check import check_of as declared
from grader.lesson import Lesson
from grader.messages import T, translator
from grader.results import Outcome


@pytest.mark.parametrize(
    ("error", "outcome", "fragment"),
    [
        (Mismatch(T("Wrong.")), Outcome.FAILED, "Wrong."),
        (Unanswered(Outcome.NOT_RUN, T("Missing.")), Outcome.NOT_RUN, "Missing."),
        (Unanswered(Outcome.ERROR, T("Raised.")), Outcome.ERROR, "Raised."),
        (GraderFault(T("Damaged.")), Outcome.GRADER_FAULT, "Damaged."),
        (KeyError("{x}\x1b[2J"), Outcome.GRADER_FAULT, "KeyError"),
        (RecursionError("x"), Outcome.GRADER_FAULT, "RecursionError"),
        (MemoryError(), Outcome.GRADER_FAULT, "MemoryError"),
        (None, Outcome.PASSED, ""),
    ],
)
def test_exceptions_become_outcomes(error, outcome, fragment):
    """Whatever a check raises, there is a result; only returning passes."""

    @check(exercise="1", points=3)
    def check_it(_student, _rng):
        """It works."""
        if error is not None:
            raise error

    made = declared(check_it)
    result = judge(made, AnyStudent(0), generator_for(1, "x"), Lesson("108_initialization"), translator("en"))

    assert (result.outcome, result.points, result.id) == (outcome, 3 if error is None else 0, "108.1.it")
    assert fragment in result.message
    assert "\x1b" not in result.message


def test_each_check_draws_its_own_numbers():
    """The same for the same seed and name, whichever checks run before."""
    first, again, other = (generator_for(1, name).random(3).tolist() for name in ("a", "a", "b"))

    assert first == again != other
    assert generator_for(2, "a").random(3).tolist() != first
