"""Lesson 107 on a stand-in: what holds beside test_check_laws.py; known mistakes stand in tests/samples."""

from collections import Counter

import numpy as np
import pytest

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


INVENTED = {
    "constants": lambda count, _seed: round(0.5 * count) / count,
    "nothing right": lambda _count, _seed: 0.0,
    "noise": lambda count, seed: np.random.default_rng(seed).binomial(count, 0.5) / count,
}


@pytest.mark.parametrize("name", ["scaling", "scaling_tests_what_is_new"])
@pytest.mark.parametrize("invented", INVENTED)
def test_invented_accuracies_of_parity_fail(name, invented):
    """They have the form of a share, but no training ends with them."""

    def parity_scaling(sizes, seed, _epochs):
        counts = {n: 2**n - 4 * 2**n // 5 for n in sizes}
        return {key: {n: INVENTED[invented](counts[n], seed + n) for n in sizes} for key in ("shallow", "deep")}

    result = CHECKS.outcome_of(name, LossesStudent(parity_scaling=parity_scaling))

    assert result.outcome is Outcome.FAILED
    assert "with these data and this seed" in result.message


@pytest.mark.parametrize("name", ["sigmoid_stalls", "relu_learns"])
@pytest.mark.parametrize("invented", ["frequent", *INVENTED])
def test_invented_accuracies_of_recipes_fail(name, invented):
    """Nor is the share of the class that is frequent in training enough."""

    def compare_depth_recipes(data, seed, _epochs):
        _, y, _, y_val = data.arrays
        frequent = float((y_val == np.bincount(y).argmax()).mean())
        value = frequent if invented == "frequent" else INVENTED[invented](len(y_val), seed)
        return dict.fromkeys(("sigmoid", "relu", "relu_he"), value)

    result = CHECKS.outcome_of(name, LossesStudent(compare_depth_recipes=compare_depth_recipes))

    assert result.outcome is Outcome.FAILED
    assert "with these data and this seed" in result.message


WRONG_LOSSES = {
    "another learning rate": (lambda s: lambda d, seed, n: s.compare_losses(d, seed, n, rate=1e-2), "Adam(0.01)"),
    "other batches": (lambda s: lambda d, seed, n: s.compare_losses(d, seed, n, batch_size=32), "batches of"),
    "one seed for all": (lambda s: lambda d, _seed, n: s.compare_losses(d, 107, n), "set_random_seed(seed)"),
    "the first result again": (lambda s: once(s.compare_losses), "val_loss should be"),
}


def once(function):
    """A function that keeps what it returned first."""
    kept = []

    def answer(*args):
        kept.append(kept[0] if kept else function(*args))
        return kept[0]

    return answer


@pytest.mark.parametrize("mistake", WRONG_LOSSES)
def test_other_trainings_fail_with_their_hint(mistake):
    """A history belongs to its data, seed, learning rate and batches."""
    build, hint = WRONG_LOSSES[mistake]

    result = CHECKS.outcome_of("losses_learn", LossesStudent(compare_losses=build(LossesStudent())))

    assert result.outcome is Outcome.FAILED
    assert hint in result.message
