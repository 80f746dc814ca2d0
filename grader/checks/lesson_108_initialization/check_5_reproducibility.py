"""Exercise 5: seeds that reach every generator, and weights that can be restored."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_108_initialization.compared import CLASSES
from grader.judge import expect
from grader.judge.check import Mismatch, Student, Unanswered, check, rests_on
from grader.judge.images import draw_images
from grader.language.messages import T
from grader.mathematics import network
from grader.mathematics.activations import ACTIVATIONS
from grader.randomness import Generator
from grader.results import Outcome
from grader.wire.values import FunctionName, Images

GENERATORS = ("python", "numpy", "keras", "tensorflow")
TRAINING, VALIDATION = 64, 16  # two steps of 32
SAME_START = 0.5  # cosine: one epoch on a few images leaves most of the common start
# Cosine of an epoch's movement with the gradient before it, over SGD with and without momentum, Adam and RMSprop,
# batches of 1 to 64 and four activations (108 trainings): at least 0.23, but for SELU with Adam(0.01), once 0.148. Of
# movements drawn at random for a network of one layer: 0.000 ± 0.012 (60 draws).
DESCENT = 0.07


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


def _numbers_after(seed: int) -> dict[str, list[float]]:
    """What the generators that the judge has too give after this seed."""
    python = random.Random(seed)  # noqa: S311 - the generator under test, not cryptography
    return {
        "python": [python.random() for _ in range(4)],
        "numpy": np.random.RandomState(seed).random_sample(4).tolist(),
    }


def _trained(student: Student, images: list[Array], seed: int, unsettled: int, epochs: int = 1) -> list[Array]:
    student.tool("unsettle", unsettled)
    weights = student.call("train_reproducibly", Images(images), seed, epochs, cpu_seconds=90, eager=True)
    return expect.arrays(weights, "train_reproducibly")


def _equal(first: list[Array], second: list[Array]) -> bool:
    return len(first) == len(second) and all(np.array_equal(a, b) for a, b in zip(first, second, strict=True))


@dataclass(frozen=True)
class Reproduced:
    """A training that gave the same weights twice, and the weights that another seed gave."""

    images: list[Array]
    seed: int
    weights: list[Array]
    of_another_seed: list[Array]

    @property
    def layers(self) -> network.Layers:
        """The weights as a network, once they can be one."""
        return _dense(self.weights, self.images[0].shape[1])


@check(exercise="5", points=2)
def check_reproducible_training(student: Student, rng: Generator) -> None:  # noqa: ARG001 - every check takes both
    """train_reproducibly gives the same weights, bit by bit, when it is called again in a new process."""
    student.require("train_reproducibly")
    _reproduced(student)


def _reproduced(student: Student) -> Reproduced:
    return student.once("train_reproducibly", lambda rng: _train_twice(student, rng))


def _train_twice(student: Student, rng: Generator) -> Reproduced:
    """The second time in a new worker and after another seed: nothing that the first one left can help."""
    images = draw_images(rng, TRAINING, VALIDATION)
    seed, other, *states = rng.choice(2**31, 5, replace=False).tolist()
    weights = _trained(student, images, seed, states[0])
    student.start_anew()
    of_another_seed = _trained(student, images, other, states[1])
    if not _equal(weights, _trained(student, images, seed, states[2])):
        raise Mismatch(
            T(
                "Two trainings with the same seed, the second one in a new process, gave different weights. Call "
                "seed_everything(seed) before building the model, and train with kit.train."
            )
        )
    reproduced = Reproduced(images, seed, weights, of_another_seed)
    if not reproduced.layers:
        raise Mismatch(
            T(
                "`train_reproducibly` should return the weights of a network of Dense layers on {inputs} inputs, with "
                "{classes} outputs.",
                inputs=images[0].shape[1],
                classes=CLASSES,
            )
        )
    return reproduced


def _dense(weights: list[Array], inputs: int) -> network.Layers:
    """The kernels and their biases, zero where a layer has none; empty if they are no network of Dense layers."""
    kernels = [(index, array) for index, array in enumerate(weights) if array.ndim == 2]
    widths = [inputs, *(kernel.shape[1] for _, kernel in kernels)]
    if widths[-1] != CLASSES or [kernel.shape[0] for _, kernel in kernels] != widths[:-1]:
        return []
    following = [*weights[1:], np.empty((0, 0))]
    biases = [following[index] for index, _ in kernels]
    return [
        (kernel, bias if bias.shape == kernel.shape[1:] else np.zeros(kernel.shape[1]))
        for (_, kernel), bias in zip(kernels, biases, strict=True)
    ]


@check(exercise="5", points=2)
def check_training_depends_on_seed_and_data(student: Student, rng: Generator) -> None:
    """train_reproducibly trains on the data it is given, for its epochs, from weights that depend on the seed."""
    student.require("train_reproducibly")
    try:
        found = _reproduced(student)
    except Mismatch as mismatch:
        raise Unanswered(Outcome.NOT_RUN, rests_on(mismatch)) from mismatch
    if _equal(found.weights, found.of_another_seed):
        raise Mismatch(T("Two different seeds gave the same weights. Use the argument `seed`."))
    others, unsettled = draw_images(rng, TRAINING, VALIDATION), int(rng.integers(2**31))
    elsewhere = _trained(student, others, found.seed, unsettled)
    if _equal(found.weights, elsewhere):
        raise Mismatch(T("Other data gave the same weights: the network was not trained."))
    if _cosine(found.weights, elsewhere) < SAME_START:
        raise Mismatch(
            T("After one epoch from the same seed, other data should leave the weights near each other; they are not.")
        )
    longer = _trained(student, found.images, found.seed, unsettled, epochs=2)
    if _equal(found.weights, longer):
        raise Mismatch(T("One epoch and two epochs gave the same weights. Use the argument `epochs`."))
    _expect_descent(found, _dense(longer, found.images[0].shape[1]))


def _expect_descent(found: Reproduced, longer: network.Layers) -> None:
    """From the first to the second epoch the weights went where the loss falls, whatever steps were chosen."""
    before, moved = _flat(found.layers), _flat(longer)
    x, y = found.images[:2]
    slopes = (_flat(network.gradients(found.layers, x, y, name)) for name in ACTIVATIONS)
    likeness = max(_cosine([moved - before], [-slope]) for slope in slopes) if moved.shape == before.shape else 0.0
    if not likeness > DESCENT:
        raise Mismatch(
            T(
                "From the first epoch to the second the weights should follow the gradient of the cross-entropy on "
                "data.x_train; they do not (cosine {likeness}). Train a network of Dense layers with kit.train, for "
                "`epochs` epochs from the same start.",
                likeness=f"{likeness:.2f}",
            )
        )


def _flat(layers: network.Layers) -> Array:
    return np.concatenate([array.ravel() for layer in layers for array in layer] or [np.empty(0)])


def _cosine(first: list[Array], second: list[Array]) -> float:
    """Cosine between the weights of two networks; zero where they are not of one size."""
    a, b = (np.concatenate([array.ravel() for array in weights]) for weights in (first, second))
    norms = np.linalg.norm(a) * np.linalg.norm(b) if a.shape == b.shape else 0
    return float(a @ b / norms) if norms else 0.0


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
