"""What holds for every check of every lesson, on stand-ins that answer in this process."""

import functools
import random
from importlib import import_module

import pytest
from hypothesis import assume, given, settings

from grader.exercises import HOMEWORK
from grader.lesson import all_lessons
from grader.results import Outcome
from tests.support.judging import NO_GOOD, SEED, SPANISH
from tests.support.spoiling import spoiled
from tests.support.students import AnyStudent, Replayer
from tests.support.values import decodable

TRIALS = 60  # spoiled answers for each check
LAWS = [import_module(f"tests.support.lessons.student_{lesson.key}").LAWS for lesson in all_lessons()]


def named(holds=lambda _laws, _name: True):
    """Lessons with the names of their checks for which ``holds`` is true."""
    cases = [(laws, name) for laws in LAWS for name in laws.checks if holds(laws, name)]
    return pytest.mark.parametrize(("laws", "name"), [pytest.param(*c, id=c[0].checks.identifier(c[1])) for c in cases])


def is_answered(laws, name):
    """Whether the check rests on answers alone."""
    return name not in (*laws.raising, *laws.checks.on_file())


def differs_between_runs(laws, name):
    """Whether what is right depends on what is drawn."""
    return name not in (*laws.raising, *laws.same_in_every_run) and laws.checks[name].exercise != HOMEWORK


@pytest.fixture(scope="module")
def recorded(right_file):
    """A function that gives the answers of the right student to a check, in their order."""

    @functools.cache
    def record(right, outcome_of, name):
        student = right(SEED, right_file)
        assert outcome_of(name, student).outcome is Outcome.PASSED
        return student.answers

    return lambda laws, name: record(laws.right, laws.checks.outcome_of, name)


@named()
def test_every_check_has_a_sentence(laws, name):
    """The docstring's first line is what a student reads, in both languages."""
    sentence = laws.checks[name].sentence

    assert sentence.endswith(".")
    assert len(sentence) < 120
    assert SPANISH(sentence) != sentence


@pytest.mark.parametrize("laws", LAWS, ids=lambda laws: laws.checks.lesson.number)
def test_identifiers_are_unique(laws):
    """Results, gradebooks and reports tell checks apart by them."""
    identifiers = [each.identifier(laws.checks.lesson) for each in laws.checks.every]

    assert len(set(identifiers)) == len(identifiers)


@pytest.mark.parametrize("seed", [SEED, 2**40, 3])
@named()
def test_right_answers_pass(laws, name, seed, right_file):
    """A student in NumPy, with nothing of Keras, passes every check, whatever is drawn."""
    result = laws.checks.outcome_of(name, laws.right(seed, right_file), seed)

    assert (result.outcome, result.message) == (Outcome.PASSED, "")
    assert result.points == result.max_points


@named(differs_between_runs)
def test_answers_recorded_from_another_run_do_not_pass(laws, name, recorded):
    """What was right for one seed is not for the next."""
    student = Replayer(recorded(laws, name), -1, lambda answer: answer, 99, None)

    assert laws.checks.outcome_of(name, student, seed=99).outcome in NO_GOOD


@named()
@settings(max_examples=20)
@given(value=decodable)
def test_no_answer_for_everything_passes(laws, name, value):
    """A student who answers every question with one value fails, and the grader does not."""
    if name == "training_depends_on_seed_and_data":
        assume(not isinstance(value, list))

    result = laws.checks.outcome_of(name, AnyStudent(value))

    assert result.outcome in NO_GOOD, result.message
    assert laws.checks.outcome_of(name, AnyStudent(value), say=SPANISH).outcome is result.outcome


@named()
def test_what_is_not_there_is_not_run(laws, name):
    """A student without any function has every check not run, with the reason."""
    student = laws.right(SEED, None)
    student.functions = {}

    result = laws.checks.outcome_of(name, student)

    assert result.outcome is Outcome.NOT_RUN
    assert "There is no function" in result.message


@named()
def test_what_raises_is_an_error(laws, name):
    """The student's exception is the student's, in every function; a file that is missing is no error."""
    student = laws.right(SEED, None)

    def fail(*_args, **_kwargs):
        raise ZeroDivisionError("x")

    student.functions = dict.fromkeys(student.functions, fail)
    result = laws.checks.outcome_of(name, student)

    assert result.outcome is (Outcome.NOT_RUN if name in laws.checks.on_file() else Outcome.ERROR)


@named(is_answered)
def test_a_right_answer_with_one_wrong_part_is_never_a_grader_fault(laws, name, recorded, right_file):
    """NaN, infinities, huge numbers, other types and missing parts, deep inside an answer that is right otherwise."""
    answers, faults = recorded(laws, name), {}
    for seed in range(laws.trials.get(name, TRIALS)):
        choice = random.Random(seed)  # noqa: S311 - which part is spoiled is no secret
        index = choice.randrange(len(answers))
        student = Replayer(answers, index, lambda answer, choice=choice: spoiled(answer, choice), SEED, right_file)
        result = laws.checks.outcome_of(name, student)
        if result.outcome is Outcome.GRADER_FAULT:
            faults[seed] = result.message
        assert len(result.message) < 1200

    assert faults == {}
