"""How a check becomes a result, and where its randomness comes from."""

import warnings

import numpy as np
import pytest

from grader.faults import GraderFault, Interrupted, OutOfMemory
from grader.judge.check import Mismatch, Unanswered, check, judge
from grader.judge.check import check_of as declared
from grader.language.messages import Text, translator
from grader.randomness import derived_seed, generator_for
from grader.results import Outcome


def judged(behave, lesson, points=2.0):
    """The result of a check that does this."""

    @check(exercise="1", points=points)
    def check_something(student, rng):  # noqa: ARG001 - every check takes both
        """Something holds.

        Nobody reads this line.
        """
        behave()

    return judge(declared(check_something), None, generator_for(1, "x"), lesson, translator("en"))


def raising(error):
    """A function that raises this."""

    def behave():
        raise error

    return behave


@pytest.mark.parametrize(
    ("behave", "outcome", "message"),
    [
        (lambda: None, Outcome.PASSED, ""),
        (raising(Mismatch(Text("Not so."))), Outcome.FAILED, "Not so."),
        (raising(Unanswered(Outcome.NOT_RUN, Text("Not yet."))), Outcome.NOT_RUN, "Not yet."),
        (raising(Unanswered(Outcome.ERROR, Text("It raised."))), Outcome.ERROR, "It raised."),
        (raising(GraderFault(Text("No worker."))), Outcome.GRADER_FAULT, "No worker."),
    ],
)
def test_what_a_check_raises_is_its_outcome(behave, outcome, message, lesson):
    """Only a check that raises nothing earns its points."""
    result = judged(behave, lesson)

    assert (result.outcome, result.message) == (outcome, message)
    assert (result.points, result.max_points) == (2.0 if outcome is Outcome.PASSED else 0.0, 2.0)
    assert (result.id, result.exercise, result.sentence) == ("108.1.something", "1", "Something holds.")


@pytest.mark.parametrize("error", [ZeroDivisionError("{x}\x1b[2J"), RecursionError("deep"), MemoryError()])
def test_a_defect_of_a_check_names_its_place_and_costs_nothing(error, lesson):
    """The innermost frame, the error, nothing that a terminal obeys, and that no point is lost."""
    result = judged(raising(error), lesson)

    assert result.outcome is Outcome.GRADER_FAULT
    assert type(error).__name__ in result.message
    assert "behave:" in result.message
    assert "costs you no points" in result.message
    assert "\x1b" not in result.message


@pytest.mark.parametrize("error", [Interrupted("gone"), OutOfMemory("full"), KeyboardInterrupt()])
def test_an_interruption_is_no_result(error, lesson):
    """What says nothing about the student reaches whoever asked for the check."""
    with pytest.raises(type(error)):
        judged(raising(error), lesson)


def test_strange_numbers_of_a_student_are_no_defect(lesson):
    """Checks compute with what they receive; what NumPy or Python warns about is compared like anything else."""

    def compute():
        warnings.warn("strange", stacklevel=1)
        assert np.isinf(np.float64(1) / np.zeros(1)).all()
        assert np.isnan(np.log(-np.ones(1))).all()

    assert judged(compute, lesson).outcome is Outcome.PASSED


def test_a_generator_is_that_of_its_seed_and_its_check():
    """The same numbers for the same check, other ones for another check or another seed."""
    first, again, other, later = (
        generator_for(seed, key).integers(2**63) for seed, key in [(1, "a"), (1, "a"), (1, "b"), (2, "a")]
    )

    assert first == again
    assert len({first, other, later}) == 3


def test_a_derived_seed_has_63_bits_and_tells_nothing_of_its_origin():
    """It fits what NumPy, Keras and SQLite take, and differs for each purpose and seed."""
    seeds = [derived_seed(seed, purpose) for seed in range(200) for purpose in ("a", "b")]

    assert len(set(seeds)) == len(seeds)
    assert 2**62 < max(seeds) < 2**63
    assert min(seeds) < 2**57
