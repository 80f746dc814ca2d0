"""The checks of lesson 107 on stand-ins that answer in this process; known mistakes stand in tests/submissions."""

import functools
import random
from collections import Counter

import numpy as np
import pytest
from fakes import AnyStudent, Replayer, decodable
from hypothesis import given, settings
from hypothesis import strategies as st
from losses_student import LossesStudent
from spoiling import spoiled

from grader.check import generator_for, judge
from grader.checks.lesson_107_losses_and_depth import check_3_scaling
from grader.grade import checks_of
from grader.lesson import Lesson
from grader.messages import translator
from grader.results import Outcome

LESSON = Lesson("107_losses_and_depth")
EXERCISES = ("1", "2", "3", "4", "5")
CHECKS = {each.name: each for each in checks_of(LESSON) if each.exercise in EXERCISES}
NO_GOOD = {Outcome.FAILED, Outcome.ERROR, Outcome.NOT_RUN}
SEED = 11
ENGLISH, SPANISH = translator("en"), translator("es")
TRIALS = {"losses_learn": 6, "relu_learns": 12, "probe_initializers": 20}  # there the judge trains, or draws networks
RAISING = ("one_hot_range",)

every_check = pytest.mark.parametrize("name", CHECKS)


def outcome_of(name, student, seed=SEED, say=ENGLISH):
    """The result of one check on one student."""
    found = CHECKS[name]
    return judge(found, student, generator_for(seed, found.identifier(LESSON)), LESSON, say)


@functools.cache
def recorded(name):
    """The answers of the right student to a check, in their order."""
    student = LossesStudent(SEED)
    assert outcome_of(name, student).outcome is Outcome.PASSED
    return student.answers


def test_points_of_the_exercises_sum_to_ninety():
    """The quiz adds ten."""
    points = Counter()
    for each in CHECKS.values():
        points[each.exercise] += each.points

    assert sum(points.values()) == 90
    assert set(points) == set(EXERCISES)


@every_check
def test_every_check_has_a_sentence(name):
    """The docstring's first line is what a student reads, in both languages."""
    sentence = CHECKS[name].sentence

    assert sentence.endswith(".")
    assert len(sentence) < 120
    assert SPANISH(sentence) != sentence


@pytest.mark.parametrize("seed", [SEED, 2**40])
@every_check
def test_right_answers_pass(name, seed):
    """A student in NumPy, with nothing of Keras, passes every check, whatever is drawn."""
    result = outcome_of(name, LossesStudent(seed), seed)

    assert (result.outcome, result.message) == (Outcome.PASSED, "")
    assert result.points == result.max_points


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in RAISING])
def test_answers_recorded_from_another_run_do_not_pass(name):
    """What was right for one seed is not for the next."""
    if name in ("parity_seed", "probe_seed", "loss_comparison"):
        pytest.skip("looks at the form, or compares the student's answers with each other")
    if name in ("losses_learn", "relu_learns"):
        pytest.skip("looks at what every right training shows on data that happen to be of one kind")
    if name in ("parity_initializers", "deep_mlp_initializers", "probe_initializers"):
        pytest.skip("a right draw is right in every run where the sizes happen to agree")

    student = Replayer(recorded(name), -1, lambda answer: answer, 99, None)

    assert outcome_of(name, student, seed=99).outcome in NO_GOOD


@every_check
@settings(max_examples=20)
@given(value=decodable)
def test_no_answer_for_everything_passes(name, value):
    """A student who answers every question with one value fails, and the grader does not."""
    result = outcome_of(name, AnyStudent(value))

    assert result.outcome in NO_GOOD, result.message
    assert outcome_of(name, AnyStudent(value), say=SPANISH).outcome is result.outcome


@every_check
def test_what_is_not_there_is_not_run(name):
    """A student without any function has every check not run, with the reason."""
    student = LossesStudent()
    student.functions = {}

    result = outcome_of(name, student)

    assert result.outcome is Outcome.NOT_RUN
    assert "There is no function" in result.message


@every_check
def test_what_raises_is_an_error(name):
    """The student's exception is the student's, in every function."""
    student = LossesStudent()

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("x")

    student.functions = dict.fromkeys(student.functions, fail)
    result = outcome_of(name, student)

    assert result.outcome is Outcome.ERROR


@pytest.mark.parametrize("name", [name for name in CHECKS if name not in RAISING])
def test_a_right_answer_with_one_wrong_part_is_never_a_grader_fault(name):
    """NaN, infinities, huge numbers, other types and missing parts, deep inside an answer that is right otherwise."""
    answers, faults = recorded(name), {}
    for seed in range(TRIALS.get(name, 80)):
        choice = random.Random(seed)  # noqa: S311 - which part is spoiled is no secret
        index = choice.randrange(len(answers))
        student = Replayer(answers, index, lambda answer, choice=choice: spoiled(answer, choice), SEED, None)
        result = outcome_of(name, student)
        if result.outcome is Outcome.GRADER_FAULT:
            faults[seed] = result.message
        assert len(result.message) < 1200

    assert faults == {}


def test_histories_that_do_not_depend_on_the_data_fail():
    """Whatever constants are chosen within both bounds, right and random labels must give different accuracies."""

    def compare_losses(data, seed, epochs):
        history = {"loss": [5.0] * epochs, "val_loss": [4.4] * epochs}
        history |= {"accuracy": [0.225] * epochs, "val_accuracy": [0.225] * epochs}
        return LossesStudent().compare_losses(data, seed, epochs) | {"cross_entropy": history}

    result = outcome_of("losses_learn", LossesStudent(compare_losses=compare_losses))

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
