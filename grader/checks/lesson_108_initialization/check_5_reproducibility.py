"""Exercise 5: seeds that reach every generator, and weights that can be restored."""

from __future__ import annotations

import numpy as np

from grader import expect, network
from grader.check import Generator, Mismatch, Student, check
from grader.checks.lesson_108_initialization.images import draw_images
from grader.messages import T
from grader.protocol import Array, FunctionName, Images

GENERATORS = ("python", "numpy", "keras", "tensorflow")


def _seeded_draws(student: Student, seed: int, unsettled: int) -> dict[str, list[float]]:
    """Draws from each generator after the student's seed, from a state that the judge upset before."""
    student.tool("unsettle", unsettled)
    student.call("seed_everything", seed)
    draws = expect.mapping(student.tool("random_draws"), GENERATORS, "random_draws")
    return {name: expect.array(draws[name], (4,), name).tolist() for name in GENERATORS}


@check(exercise="5", points=3)
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
    fixed = [name for name in GENERATORS if draws[name] == different[name]]
    if fixed:
        raise Mismatch(
            T("Two different seeds give the same numbers: {names}. Use the argument `seed`.", names=", ".join(fixed))
        )


def _trained(student: Student, images: list[Array], seed: int, unsettled: int) -> list[Array]:
    student.tool("unsettle", unsettled)
    return expect.arrays(
        student.call("train_reproducibly", Images(images), seed, 1, cpu_seconds=90), "train_reproducibly"
    )


def _equal(first: list[Array], second: list[Array]) -> bool:
    return len(first) == len(second) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@check(exercise="5", points=3)
def check_reproducible_training(student: Student, rng: Generator) -> None:
    """train_reproducibly gives the same weights, bit by bit, when it is called twice."""
    student.require("train_reproducibly")
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


@check(exercise="5", points=2)
def check_training_depends_on_seed_and_data(student: Student, rng: Generator) -> None:
    """train_reproducibly gives other weights for another seed, and for other data."""
    student.require("train_reproducibly")
    images, others = draw_images(rng, 256, 64), draw_images(rng, 256, 64)
    seed, other, unsettled = rng.choice(2**31, 3, replace=False).tolist()
    weights = _trained(student, images, seed, unsettled)
    if _equal(weights, _trained(student, images, other, unsettled)):
        raise Mismatch(T("Two different seeds gave the same weights. Use the argument `seed`."))
    if _equal(weights, _trained(student, others, seed, unsettled)):
        raise Mismatch(T("Other data gave the same weights: the network was not trained."))


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


@check(exercise="5", points=2)
def check_restore(student: Student, rng: Generator) -> None:
    """restore_weights puts a snapshot back into the model."""
    student.require("restore_weights")
    layers = network.new_network([9, 7, 5], "he_normal", 12, rng)
    snapshot = [rng.normal(size=array.shape).astype(np.float32) for layer in layers for array in layer]
    model = student.tool("build_network", layers, "relu")
    student.call("restore_weights", model, snapshot)
    found = expect.sequence(student.tool("weights_of", model), len(snapshot), "model.get_weights()")
    for index, (array, wanted) in enumerate(zip(found, snapshot, strict=True)):
        what = f"model.get_weights()[{index}]"
        expect.same(
            expect.array(array, wanted.shape, what),
            wanted,
            what,
            hint=T(" restore_weights left it as it was or put it elsewhere."),
        )
