"""Homework: the functions that train Glorot and He networks and look at them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from data.homework import HISTORY_KEYS
from grader.arrays import Array
from grader.checks.lesson_108_initialization.homework_file import claimed
from grader.checks.lesson_108_initialization.homework_file.protocol import GLOROT, HE, PROTOCOL
from grader.exercises import HOMEWORK
from grader.judge import curves, expect
from grader.judge.check import Mismatch, Student, check
from grader.judge.images import draw_images
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.training import Data
from grader.randomness import Generator
from grader.wire.values import Images

PAIR = (GLOROT, "he_uniform")
TRAINING, VALIDATION = 768, 200  # three steps: enough to tell momentum, Adam and other sizes of batches
FEW = 32
QUESTIONS = 10  # to best_initializer: who guesses passes once in a thousand times


@dataclass(frozen=True)
class ShortTraining:
    """One epoch of train_homework on a few images."""

    images: list[Array]
    seed: int
    initial: network.Layers
    final: network.Layers


def _watched(student: Student) -> tuple[str, list[Array], int]:
    """The initializer whose training is looked at, and the images and the seed for both."""

    def draw(rng: Generator) -> tuple[str, list[Array], int]:
        return str(rng.choice(PAIR)), draw_images(rng, TRAINING, VALIDATION), int(rng.integers(2**31))

    return student.once("train_homework", draw)


def _trained(student: Student, name: str) -> ShortTraining:
    """The training with an initializer, done once for all checks; of the one not watched only the start counts."""
    watched, images, seed = _watched(student)
    given = images if name == watched else [array[:FEW] for array in images]
    return student.once(f"train_homework {name}", lambda _: _train(student, given, name, seed))


def _train(student: Student, images: list[Array], name: str, seed: int) -> ShortTraining:
    what = f'train_homework(data, "{name}", …)'
    received = student.call("train_homework", Images(images), name, seed, epochs=1, cpu_seconds=90, eager=True)
    found = expect.mapping(received, ("history", "initial_weights", "final_weights"), what)
    curves.expect_history(found["history"], 1, f'{what}["history"]')
    initial = claimed.layers_of(found["initial_weights"], f'{what}["initial_weights"]')
    return ShortTraining(images, seed, initial, claimed.layers_of(found["final_weights"], f'{what}["final_weights"]'))


def _movement(before: network.Layers, after: network.Layers) -> Array:
    return np.concatenate([(b[i] - a[i]).ravel() for a, b in zip(before, after, strict=True) for i in (0, 1)])


@check(exercise=HOMEWORK, points=5)
def check_training_protocol(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_homework draws with its initializer and trains with plain SGD(0.001) and batches of 256."""
    student.require("train_homework")
    name = _watched(student)[0]
    training = _trained(student, name)
    initial = training.initial
    claimed.expect_initial(initial, name, comparisons=len(initial))
    again = claimed.first_epoch(initial, Data(*training.images), training.seed)
    expected = _movement(initial, again.layers)
    moved = _movement(initial, training.final)
    if not moved.any():
        raise Mismatch(
            T(
                "`train_homework`: initial and final weights are the same. Copy the initial ones with get_weights() "
                "before training."
            )
        )
    ratio = float(np.linalg.norm(moved) / np.linalg.norm(expected))
    likeness = float(moved @ expected / (np.linalg.norm(moved) * np.linalg.norm(expected)))
    if not (0.9 < ratio < 1.1 and likeness > 0.9):
        raise Mismatch(
            T(
                "`train_homework`: in one epoch the weights moved {ratio} times as far as plain SGD({rate}) with "
                "batches of {batch_size} moves them (cosine of the directions {likeness}). Check optimizer, learning "
                "rate, momentum and batch size.",
                rate=PROTOCOL.learning_rate,
                batch_size=PROTOCOL.batch_size,
                ratio=f"{ratio:.2f}",
                likeness=f"{likeness:.2f}",
            )
        )


@check(exercise=HOMEWORK, points=2)
def check_paired_draws(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_homework with one seed starts He uniform from Glorot uniform's numbers, rescaled."""
    student.require("train_homework")
    glorot, he = (_trained(student, name).initial for name in PAIR)
    for index, ((kernel, _), (other, _)) in enumerate(zip(glorot[:-1], he[:-1], strict=True), start=1):
        fan_in, fan_out = kernel.shape
        if not np.allclose(other, kernel * math.sqrt((fan_in + fan_out) / fan_in), rtol=1e-4, atol=1e-6):
            raise Mismatch(
                T(
                    "Kernel {index} of He uniform is not Glorot uniform's, rescaled: call seed_everything(seed) "
                    "before building each network.",
                    index=index,
                )
            )


@check(exercise=HOMEWORK, points=4)
def check_kernel_norms(student: Student, rng: Generator) -> None:
    """kernel_norms gives the Frobenius norm of each kernel and leaves the biases out."""
    layers = network.new_network(rng.integers(5, 40, 4).tolist(), "he_normal", 20, rng)
    weights = [
        array for kernel, bias in layers for array in (kernel, bias + rng.normal(size=bias.shape).astype(np.float32))
    ]
    received = student.call("kernel_norms", weights)
    if isinstance(received, list) and len(received) == len(weights):
        raise Mismatch(
            T(
                "`kernel_norms` returned {count} norms for {kernels} kernels: leave the biases out.",
                count=len(weights),
                kernels=len(layers),
            )
        )
    found = expect.sequence(received, len(layers), "kernel_norms")
    for index, (value, (kernel, _)) in enumerate(zip(found, layers, strict=True)):
        matrix = kernel.astype(np.float64)
        hints = [
            (
                float(np.linalg.norm(matrix, 2)),
                T(" Your value is the spectral norm; Frobenius is the root of the sum of squares."),
            ),
            (float((matrix**2).sum()), T(" The square root is missing.")),
            (float(np.abs(matrix).sum()), T(" Your value is the sum of absolute values.")),
            (
                float(np.sqrt((matrix**2).mean())),
                T(" Your value is the root of the mean of squares; Frobenius takes the sum."),
            ),
        ]
        expect.close(value, float(np.linalg.norm(matrix)), f"kernel_norms(weights)[{index}]", rtol=1e-3, hints=hints)


def _results(rng: Generator, better: str, worse: str) -> dict[str, dict[str, dict[str, list[float]]]]:
    """Histories in which Glorot ends highest, and the He variant that ends lower was ahead before.

    Neither the losses, nor the training accuracies, nor the order of the names tell which one ends higher.
    """
    low, middle, high = np.sort(rng.uniform(0.6, 0.8, 3)).tolist()
    last = {"glorot_uniform": high, better: middle, worse: low}
    histories = {}
    for name in rng.permutation(list(last)).tolist():
        curve = [*rng.uniform(0.3, 0.6, 2).tolist(), 0.85 if name == worse else 0.6, last[name]]
        history = {key: rng.uniform(0.3, 0.9, len(curve)).tolist() for key in HISTORY_KEYS}
        histories[name] = {"history": history | {"val_accuracy": curve}}
    return histories


@check(exercise=HOMEWORK, points=3)
def check_best_initializer(student: Student, rng: Generator) -> None:
    """best_initializer names the He variant with the best last val_accuracy."""
    winners = rng.permutation([*HE, *rng.choice(HE, QUESTIONS - len(HE))]).tolist()
    for expected in winners:
        (other,) = set(HE) - {expected}
        results = _results(rng, expected, other)
        received = student.call("best_initializer", results)
        if isinstance(received, str) and received == expected:
            continue
        hint = Text("")
        if isinstance(received, str) and received == "glorot_uniform":
            hint = T(" Only he_uniform and he_normal compete.")
        elif isinstance(received, str) and received in HE:
            hint = T(" The last epoch counts, not the best one.")
        raise Mismatch(
            T(
                "`best_initializer`: expected {expected}, received {received}.{hint}",
                expected=expected,
                received=expect.show(received),
                hint=hint,
            )
        )
