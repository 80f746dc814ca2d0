"""Exercise 1: pairs of activation and initializer, trained on data that nobody has seen before."""

from __future__ import annotations

from typing import Any

from grader.checks.lesson_109_activations.clouds import draw_moons
from grader.checks.lesson_109_activations.data_sets import asked
from grader.checks.lesson_109_activations.recipes import ACTIVATIONS, SCHEMES
from grader.checks.lesson_109_activations.replays import Training, expect_replay
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T
from grader.randomness import Generator
from grader.wire.values import FunctionName, Images

PAIRS = (
    ("relu", "torch_default"),
    ("relu", "he"),
    ("tanh", "xavier"),
    ("sigmoid", "xavier"),
    ("leaky_relu", "he"),
)
KEYS = tuple(f"{activation}+{scheme}" for activation, scheme in PAIRS)
DEFAULTS = {"epochs": 30, "learning_rate": 0.1}
EPOCHS = 2
FEW = 1  # epochs, where nothing more is seen in a second one
CPU_SECONDS = 90


def _drawn(rng: Generator, activation: str, scheme: str) -> Training:
    """A training on moons, with the learning rate and the number of examples drawn too; the last batch is smaller."""
    n_train, n_val = 32 * int(rng.integers(4, 8)) + int(rng.integers(1, 31)), int(rng.integers(60, 100))
    data = draw_moons(rng, n_train, n_val, wrong=float(rng.uniform(0, 0.3)))
    return Training(data, activation, scheme, int(rng.integers(2**31)), float(rng.uniform(0.03, 0.15)))


def _trained(student: Student) -> list[tuple[Training, Any]]:
    """What train_pair returned for two pairs drawn for this run: a smooth activation, and one with a kink."""

    def compute(rng: Generator) -> list[tuple[Training, Any]]:
        kinked = ("relu", "leaky_relu")
        smooth = [name for name in ACTIVATIONS if name not in kinked]
        trainings = [_drawn(rng, str(rng.choice(names)), str(rng.choice(list(SCHEMES)))) for names in (kinked, smooth)]
        return [(training, _train_pair(student, training)) for training in trainings]

    return student.once("train_pair", compute)


def _train_pair(student: Student, training: Training) -> Any:
    arguments = Images(training.data), training.activation, training.scheme, training.seed, EPOCHS
    return student.call("train_pair", *arguments, training.learning_rate, cpu_seconds=CPU_SECONDS)


def _what(training: Training) -> str:
    return f'train_pair(data, "{training.activation}", "{training.scheme}", …)'


@check(exercise="1", points=1)
def check_history(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_pair returns a history with one value per epoch, measured on all of the validation examples."""
    for training, received in _trained(student):
        what = _what(training)
        curves.expect_shares(curves.expect_history(received, EPOCHS, what), len(training.data[3]), what)


@check(exercise="1", points=5)
def check_training(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_pair trains build_pair's network by plain SGD in batches of 32, in the order of kit.epoch_batches."""
    for training, received in _trained(student):
        expect_replay(student, received, training, EPOCHS, _what(training), replayed=EPOCHS)


@check(exercise="1", points=3)
def check_experiment(student: Student, rng: Generator) -> None:
    """run_experiment trains a pair on the blobs of its seed, by default for 30 epochs with a learning rate of 0.1."""
    student.require("run_experiment")
    _expect_experiment(student, rng, FEW, float(rng.uniform(0.01, 0.05)))
    told = student.tool("defaults_of", FunctionName("run_experiment"))
    if not (isinstance(told, dict) and all(expect.is_number(told.get(name)) for name in DEFAULTS)):
        _expect_experiment(student, rng)  # the signature does not say them: thirty epochs do
        return
    for name, expected in DEFAULTS.items():
        if told[name] != expected:
            raise Mismatch(
                T(
                    "`run_experiment`: the default of {name} should be {expected}; it is {received}.",
                    name=name,
                    expected=expected,
                    received=expect.show(told[name]),
                )
            )


def _expect_experiment(student: Student, rng: Generator, *arguments: float) -> None:
    """One experiment, with epochs and learning rate or with their defaults, is the training that it should be."""
    activation, scheme = PAIRS[rng.integers(len(PAIRS))]
    seed = int(rng.integers(2**31))
    received = student.call("run_experiment", activation, scheme, seed, *arguments, cpu_seconds=CPU_SECONDS)
    epochs, rate = arguments or DEFAULTS.values()
    training = Training(asked(student, "make_blobs", seed), activation, scheme, seed, rate)
    what = f'run_experiment("{activation}", "{scheme}", {seed}{", …" if arguments else ""})'
    expect_replay(student, received, training, int(epochs), what, replayed=FEW)


@check(exercise="1", points=3)
def check_pairs(student: Student, rng: Generator) -> None:
    """compare_pairs trains the five pairs on the same data, from the same seed."""
    student.require("compare_pairs")
    drawn = _drawn(rng, *PAIRS[0])
    arguments = Images(drawn.data), drawn.seed, FEW, drawn.learning_rate
    received = student.call("compare_pairs", *arguments, cpu_seconds=2 * CPU_SECONDS)
    found = expect.mapping(received, KEYS, "compare_pairs")
    for activation, scheme in PAIRS:
        training = Training(drawn.data, activation, scheme, drawn.seed, drawn.learning_rate)
        what = f'compare_pairs(…)["{training.pair}"]'
        expect_replay(student, found[training.pair], training, FEW, what, replayed=FEW)
