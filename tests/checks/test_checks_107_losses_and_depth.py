"""Lesson 107 on a stand-in: what holds beside test_check_laws.py; known mistakes stand in tests/samples."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from grader.checks.lesson_107_losses_and_depth import check_3_scaling
from grader.results import Outcome
from tests.support.judging import Checks
from tests.support.lessons.student_107_losses_and_depth import LossesStudent

EXERCISES = ("1", "2", "3", "4", "5")
CHECKS = Checks("107_losses_and_depth")


def test_points_of_the_exercises_sum_to_ninety():
    """The quiz adds ten."""
    points = Counter()
    for each in CHECKS.values():
        points[each.exercise] += each.points

    assert sum(points.values()) == 90
    assert set(points) == set(EXERCISES)


def test_histories_that_do_not_depend_on_the_data_fail():
    """Whatever constants are chosen within both bounds, right and random labels must give different accuracies."""

    def compare_losses(data, seed, epochs):
        history = {"loss": [5.0] * epochs, "val_loss": [4.4] * epochs}
        history |= {"accuracy": [0.225] * epochs, "val_accuracy": [0.225] * epochs}
        return LossesStudent().compare_losses(data, seed, epochs) | {"cross_entropy": history}

    result = CHECKS.outcome_of("losses_learn", LossesStudent(compare_losses=compare_losses))

    assert result.outcome is Outcome.FAILED
    assert "where they are random" in result.message


@given(st.integers(0, 2**32))
def test_no_accuracy_is_right_for_both_sizes(seed):
    """The shares of wrong labels lie further apart than a constant could be near to both."""
    rng = np.random.default_rng(seed)

    shares = [
        check_3_scaling.labelled(rng, bits, wrong)[1]
        for bits, wrong in zip(check_3_scaling.SIZES, check_3_scaling.wrong_shares(rng), strict=True)
    ]

    assert abs(shares[0] - shares[1]) > 2 * check_3_scaling.LABELLED_TOLERANCE
    assert all(0 < share < 1 for share in shares)
