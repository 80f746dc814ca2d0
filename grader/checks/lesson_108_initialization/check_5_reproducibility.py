"""Exercise 5: seeds that reach every generator, and weights that can be restored."""

from __future__ import annotations

import random

import numpy as np

from grader.arrays import Array
from grader.judge import expect
from grader.judge.check import Mismatch, Student, Unanswered, check, rests_on
from grader.judge.images import draw_images
from grader.language.messages import T
from grader.mathematics import network
from grader.randomness import Generator
from grader.results import Outcome
from grader.wire.values import FunctionName, Images

GENERATORS = ("python", "numpy", "keras", "tensorflow")


def _seeded_draws(student: Student, seed: int, unsettled: int) -> dict[str, list[float]]:
    """Draws from each generator after the student's seed, from a state that the judge upset before."""
    student.tool("unsettle", unsettled)
    student.call("seed_everything", seed)
    draws = expect.mapping(student.tool("random_draws"), GENERATORS, "random_draws")
    return {name: expect.array(draws[name], (4,), name).tolist() for name in GENERATORS}


@check(exercise="5", points=2)
def check_seed_everything(student: Student, rng: Generator) -> None:
    """seed_everything makes Python, NumPy, TensorFlow and Keras' initializers repeat their numbers."""
    student.require("seed_everything")
    seed, other, first, second = rng.choice(2**31, 4, replace=False).tolist()
    draws, again = _seeded_draws(student, seed, first), _seeded_draws(student, seed, second)
    different = _seeded_draws(student, other, first)
    loose = [name for name in GENERATORS if draws[name] != again[name]]
    if loose:
        raise Mismatch(
            T(
                "After the same seed these generators still give other numbers: {names}. Keras 3 takes its seeds "
                "from Python's `random`; keras.utils.set_random_seed reaches all of them.",
                names=", ".join(loose),
            )
        )
    foreign = [name for name, numbers in _numbers_after(seed).items() if draws[name] != numbers]
    if foreign:
        raise Mismatch(T("These generators were not seeded with `seed` itself: {names}.", names=", ".join(foreign)))
    fixed = [name for name in GENERATORS if draws[name] == different[name]]
    if fixed:
        raise Mismatch(
            T("Two different seeds give the same numbers: {names}. Use the argument `seed`.", names=", ".join(fixed))
        )


def _trained(student: Student, images: list[Array], seed: int, unsettled: int, epochs: int = 1) -> list[Array]:
    student.tool("unsettle", unsettled)
    weights = student.call("train_reproducibly", Images(images), seed, epochs, cpu_seconds=90, eager=True)
    return expect.arrays(weights, "train_reproducibly")


def _equal(first: list[Array], second: list[Array]) -> bool:
    return len(first) == len(second) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


def _numbers_after(seed: int) -> dict[str, list[float]]:
    """What the generators that the judge has too give after this seed."""
    python = random.Random(seed)  # noqa: S311 - the generator under test, not cryptography
    return {
        "python": [python.random() for _ in range(4)],
        "numpy": np.random.RandomState(seed).random_sample(4).tolist(),
    }


@check(exercise="5", points=2)
def check_reproducible_training(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_reproducibly gives the same weights, bit by bit, when it is called twice."""
    student.require("train_reproducibly")
    _reproduced(student)


def _reproduced(student: Student) -> tuple[list[Array], list[Array], int]:
    """The images, the weights and the seed of a training that gave the same weights twice."""
    return student.once("train_reproducibly", lambda rng: _train_twice(student, rng))


def _train_twice(student: Student, rng: Generator) -> tuple[list[Array], list[Array], int]:
    images, (seed, first, second) = draw_images(rng, 256, 64), rng.choice(2**31, 3, replace=False).tolist()
    weights, again = (_trained(student, images, seed, unsettled) for unsettled in (first, second))
    if not _equal(weights, again):
        raise Mismatch(
            T(
                "Two trainings with the same seed gave different weights. Call seed_everything(seed) before "
                "building the model, and train with kit.train."
            )
        )
    if not any(array.ndim == 2 and array.shape[0] == images[0].shape[1] for array in weights):
        raise Mismatch(
            T(
                "`train_reproducibly` should return the weights of a network on {inputs} inputs.",
                inputs=images[0].shape[1],
            )
        )
    return images, weights, seed


@check(exercise="5", points=2)
def check_training_depends_on_seed_and_data(student: Student, rng: Generator) -> None:
    """train_reproducibly gives other weights for another seed, for other data, and for more epochs."""
    student.require("train_reproducibly")
    try:
        images, weights, seed = _reproduced(student)
    except Mismatch as mismatch:
        raise Unanswered(Outcome.NOT_RUN, rests_on(mismatch)) from mismatch
    others, (other, unsettled) = draw_images(rng, 256, 64), rng.choice(2**31, 2, replace=False).tolist()
    if _equal(weights, _trained(student, images, other, unsettled)):
        raise Mismatch(T("Two different seeds gave the same weights. Use the argument `seed`."))
    elsewhere = _trained(student, others, seed, unsettled)
    if _equal(weights, elsewhere):
        raise Mismatch(T("Other data gave the same weights: the network was not trained."))
    if _likeness(weights, elsewhere) < 0.5:
        raise Mismatch(
            T("After one epoch from the same seed, other data should leave the weights near each other; they are not.")
        )
    if _equal(weights, _trained(student, images, seed, unsettled, epochs=2)):
        raise Mismatch(T("One epoch and two epochs gave the same weights. Use the argument `epochs`."))


def _likeness(first: list[Array], second: list[Array]) -> float:
    """Cosine between two networks' weights; one epoch on a few images leaves most of the common start."""
    a, b = (np.concatenate([array.ravel() for array in weights]) for weights in (first, second))
    norms = np.linalg.norm(a) * np.linalg.norm(b)
    return float(a @ b / norms) if a.shape == b.shape and norms else 0.0


@check(exercise="5", points=2)
def check_snapshot_is_a_copy(student: Student, rng: Generator) -> None:
    """snapshot_weights returns copies that training does not change."""
    student.require("snapshot_weights")
    layers = network.new_network([9, 7, 5], "he_normal", 12, rng)
    model = student.tool("build_network", layers, "relu")
    student.call("snapshot_weights", model)
    received = student.tool("snapshot_then_change", FunctionName("snapshot_weights"), model)
    expected = [array for layer in layers for array in layer]
    found = expect.sequence(received, len(expected), "snapshot_weights")
    for index, (array, wanted) in enumerate(zip(found, expected, strict=True)):
        what = f"snapshot_weights(model)[{index}]"
        hint = T(" It changed with the model: model.weights are live variables; copy them with get_weights().")
        expect.same(expect.array(array, wanted.shape, what), wanted, what, hint=hint)


@check(exercise="5", points=1)
def check_restore(student: Student, rng: Generator) -> None:
    """restore_weights puts a snapshot back into the model."""
    student.require("restore_weights")
    layers = network.new_network([9, 7, 5], "he_normal", 12, rng)
    snapshot = [rng.normal(size=array.shape).astype(np.float32) for layer in layers for array in layer]
    model = student.tool("build_network", layers, "relu")
    student.call("restore_weights", model, snapshot)
    x = rng.normal(size=(6, 12)).astype(np.float32)
    found = expect.array(student.tool("predict", model, x), (6, 5), "model(x)")
    hint = T(" restore_weights did not give the model the snapshot's weights.")
    expect.same(found, network.predict(network.pairs(snapshot), x), "model(x)", hint=hint)
