"""Lesson 109 on a stand-in: known mistakes, and what holds beside test_check_laws.py."""

import functools
from collections import Counter

import numpy as np
import pytest

from grader.exercises import QUIZ
from grader.mathematics import network
from grader.results import Outcome
from grader.wire.values import FigureFacts, ModelFacts, Opaque
from tests.support.judging import SEED, Checks
from tests.support.lessons.student_109_activations import ActivationsStudent

CHECKS = Checks("109_activations")


# --- the list of checks -----------------------------------------------------------------------------------------


def test_points_of_the_exercises_sum_to_ninety():
    """The quiz adds ten."""
    points = Counter()
    for each in CHECKS.every:
        points[each.exercise] += each.points

    assert points == {"1": 40, "2": 12, "3": 12, "4": 13, "5": 13, QUIZ: 10}


# --- known mistakes ---------------------------------------------------------------------------------------------


def changed(name, change):
    """The right function of this name, its result changed."""
    return {name: lambda *args, **kwargs: change(getattr(ActivationsStudent(), name)(*args, **kwargs))}


def trained(**other):
    """A train_pair that takes other arguments than those it is given."""

    def train_pair(data, activation, scheme, seed, epochs, learning_rate):
        given = {"seed": seed, "epochs": epochs, "learning_rate": learning_rate, "activation": activation} | other
        return ActivationsStudent().train_pair(data, scheme=scheme, **given)

    return {"train_pair": train_pair}


def hidden(model, x):
    """The hidden outputs' zeros."""
    return [h == 0 for h in network.hidden(model.layers, x, "relu")]


def norms(change):
    """A gradient_norms_one_batch whose norms come from another formula."""
    right = ActivationsStudent()

    def compute(model, x, y):
        loss, _ = right.gradient_norms_one_batch(model, x, y)
        gradients = [g for layer in network.gradients(model.layers, x, y, model.activation) for g in layer]
        return loss, {path: float(change(g)) for path, g in zip(right.tool_paths_of(model), gradients, strict=True)}

    return {"gradient_norms_one_batch": compute}


MISTAKES = {
    "blobs swapped": ("blobs", changed("make_blobs", lambda d: (d[0], 1 - d[1], d[2], 1 - d[3])), "swapped"),
    "blobs too wide": ("blobs", changed("make_blobs", lambda d: (2 * d[0], d[1], 2 * d[2], d[3])), "around"),
    "blobs of floats": ("blobs", changed("make_blobs", lambda d: (d[0], d[1] * 1.0, d[2], d[3])), "integers"),
    "blobs not mixed": (
        "blobs",
        changed("make_blobs", lambda d: (d[0], np.sort(d[1]), d[2], d[3])),
        "mix the examples",
    ),
    "validation repeats training": (
        *("moons", changed("make_moons", lambda d: (d[0], d[1], d[0][:160], d[1][:160])), ""),
    ),
    "moons swapped": ("moons", changed("make_moons", lambda d: (d[0], 1 - d[1], d[2], 1 - d[3])), "swapped"),
    "moons without 0.5": (
        *("moons", changed("make_moons", lambda d: (*shifted(d[0], d[1]), *shifted(d[2], d[3]))), "0.5"),
    ),
    "data ignore the seed": (
        *("data_depend_on_the_seed", {"make_moons": lambda _: ActivationsStudent().make_moons(1)}, "for two seeds"),
    ),
    "data without a seed": (
        "data_depend_on_the_seed",
        {"make_blobs": lambda _: ActivationsStudent().make_blobs(None)},
        "two different data sets",
    ),
    "activation by name": ("activations", {"get_activation": lambda name: name}, "should return a function"),
    "activation forgotten": ("activations", {"get_activation": lambda _: None}, "`return`"),
    "softplus is one": (
        "unknown_activation",
        {"get_activation": lambda _: Opaque("function")},
        "should raise ValueError",
    ),
    "untold name": (
        *(
            "unknown_scheme",
            {
                "get_initializer": lambda s: (
                    "he" if s in ("xavier", "he", "lecun", "torch_default") else raising(ValueError("no"))
                )
            },
        ),
        "which name came",
    ),
    "other pairs": ("pairs", changed("compare_pairs", lambda r: {"relu": r["relu+he"]}), "lacks"),
    "pairs exchanged": (
        *("pairs", changed("compare_pairs", lambda r: r | {"relu+he": r["tanh+xavier"]}), "val_loss should be"),
    ),
    "another seed": ("training", trained(seed=42), "set_random_seed(seed)"),
    "another rate": ("training", trained(learning_rate=0.01), "that of SGD(0.01)"),
    "always relu": ("training", trained(activation="relu"), "val_loss should be"),
    "one epoch": ("history", trained(epochs=1), "should have 2 elements"),
    "loss in percent": (
        "history",
        changed("train_pair", lambda h: h | {"val_accuracy": [100 * v for v in h["val_accuracy"]]}),
        "fractions",
    ),
    "twenty epochs": (
        "experiment",
        {
            "run_experiment": lambda a, s, seed, epochs=20, learning_rate=0.1: experiment(
                a, s, seed, epochs, learning_rate
            )
        },
        "the default of epochs should be 30",
    ),
    "hidden defaults": (
        "experiment",
        {"run_experiment": lambda a, s, seed, *rest: experiment(a, s, seed, *(rest or (20, 0.1)))},
        "should have 30 elements",
    ),
    "zeros for dead": (
        "dead_fraction",
        {"dead_unit_fraction": ActivationsStudent().relu_zero_fraction},
        "share of zeros",
    ),
    "dead for zeros": ("zero_fraction", {"relu_zero_fraction": ActivationsStudent().dead_unit_fraction}, "dead units"),
    "rows for columns": (
        "dead_fraction",
        {"dead_unit_fraction": lambda m, x: float(np.mean([z.all(axis=1).mean() for z in hidden(m, x)]))},
        "along the rows",
    ),
    "mean of means": (
        "zero_fraction",
        {"relu_zero_fraction": lambda m, x: float(np.mean([z.mean() for z in hidden(m, x)]))},
        "mean of the layers",
    ),
    "a count": ("zero_fraction", {"relu_zero_fraction": lambda m, x: sum(int(z.sum()) for z in hidden(m, x))}, "count"),
    "sum of losses": (
        "loss",
        {
            "gradient_norms_one_batch": lambda m, x, y: (
                (r := ActivationsStudent().gradient_norms_one_batch(m, x, y))[0] * len(x),
                r[1],
            )
        },
        "the sum over the batch",
    ),
    "squared norms": ("norms", norms(lambda g: (g**2).sum()), "square root"),
    "largest components": ("norms", norms(lambda g: np.abs(g).max()), "largest component"),
    "root mean squares": ("norms", norms(lambda g: np.sqrt((g**2).mean())), "root mean square"),
    "names for paths": (
        "norm_keys",
        changed("gradient_norms_one_batch", lambda r: (r[0], {"kernel": 1.0, "bias": 2.0})),
        "overwrite each other",
    ),
    "kernels only": (
        "norm_keys",
        changed("gradient_norms_one_batch", lambda r: (r[0], {p: v for p, v in r[1].items() if "kernel" in p})),
        "Biases are trainable",
    ),
    "upside down": ("backward_factor", changed("backward_factor", lambda f: 1 / f), "upside down"),
    "mean squares": ("backward_factor", changed("backward_factor", lambda f: f * f), "mean squares"),
    "one layer fewer": (
        "backward_factor",
        {"backward_factor": lambda a, s, d, w, seed: ActivationsStudent().backward_factor(a, s, d - 1, w, seed)},
        "layers: go back",
    ),
    "no derivatives": (
        "backward_factor",
        {"backward_factor": lambda _, s, d, w, seed: linear_factor(s, d, w, seed)},
        "no derivatives",
    ),
    "factor ignores the seed": (*("factor_depends_on_the_seed", {"backward_factor": lambda *_: 0.5}, "two seeds"),),
    "reverse product": (
        "collapse",
        {"collapse_linear": lambda ws: functools.reduce(np.matmul, ws[::-1]) if square(ws) else ws[0]},
        "reverse order",
    ),
    "transposed": ("collapse", changed("collapse_linear", lambda m: m.T), "transposed"),
    "elementwise": (
        "collapse",
        {"collapse_linear": lambda ws: functools.reduce(np.multiply, ws) if square(ws) else np.linalg.multi_dot(ws)},
        "element by element",
    ),
    "all columns": ("distinct_units", {"distinct_units": lambda w: w.shape[1]}, "copies included"),
    "rows": ("distinct_units", {"distinct_units": lambda w: len(np.unique(w, axis=0))}, "number of rows"),
    "sums": ("distinct_units", {"distinct_units": lambda w: np.unique(np.round(w.sum(0), 4)).size}, "same sum"),
    "exact": ("rounding_makes_no_unit", {"distinct_units": lambda w: np.unique(w, axis=1).shape[1]}, "copies included"),
    "rounded": (
        "rounding_makes_no_unit",
        {"distinct_units": lambda w: np.unique(np.round(w, 5), axis=1).shape[1]},
        "either side of a step",
    ),
    "He at the end": (
        "symmetric_starts",
        changed("compare_starts", lambda r: r | {"zeros": r["he"]}),
        "stays at zero",
    ),
    "constant untrained": (
        *("symmetric_starts", {"compare_starts": lambda seed, epochs: starts(seed, epochs)}, "not trained"),
    ),
    "counts invented": (
        "he_breaks_symmetry",
        changed("compare_starts", lambda r: r | {"he": r["constant"] | {"distinct": 64}}),
        '["distinct"]',
    ),
    "He is constant": (
        *("he_breaks_symmetry", changed("compare_starts", lambda r: r | {"he": r["constant"]}), "stay different"),
    ),
    "one panel": (
        *("comparison_plot", changed("plot_comparison", lambda f: FigureFacts(f.axes[:1])), "axes with lines"),
    ),
    "panels exchanged": (
        *("comparison_plot", changed("plot_comparison", lambda f: FigureFacts(f.axes[::-1])), "They show val_accuracy"),
    ),
}


def experiment(*arguments):
    """The right experiment."""
    return ActivationsStudent().run_experiment(*arguments)


def raising(error):
    """Raise, in an expression."""
    raise error


def shifted(x, y):
    """Moons whose second one lies half a unit too low."""
    return x - np.array([0, 0.5], np.float32) * y[:, None], y


def square(kernels):
    """Whether all kernels have one shape."""
    return len({size for kernel in kernels for size in kernel.shape}) == 1


def linear_factor(scheme, depth, width, seed):
    """The factor of kernels alone."""
    return ActivationsStudent().backward_factor("linear", scheme, depth, width, seed)


def starts(seed, epochs):
    """Right but for the constant's kernel, which is that of the beginning."""
    return ActivationsStudent().compare_starts(seed, epochs) | {
        "constant": {"kernel": np.full((2, 64), 0.1, np.float32), "distinct": 1}
    }


@pytest.mark.parametrize("mistake", MISTAKES)
def test_known_mistakes_fail_with_their_hint(mistake):
    """Each misconception is found, whatever is drawn, and called by its name in some run."""
    name, wrong, hint = MISTAKES[mistake]

    results = [CHECKS.outcome_of(name, ActivationsStudent(seed, **wrong), seed) for seed in range(3)]

    assert {result.outcome for result in results} <= {Outcome.FAILED, Outcome.ERROR}, results[0].message
    assert any(hint in result.message for result in results), results[0].message


def other_values(function):
    """A student whose activations are those of ``function(name, z)``."""
    student = ActivationsStudent(SEED)
    student.tools["activation_values"] = lambda _get, name, z: function(name, z)
    return student


def slope(value):
    """Leaky ReLU with another slope, the rest right."""
    right = ActivationsStudent()

    def compute(name, z):
        leaky = np.where(z > 0, z, value * z)
        return leaky if name == "leaky_relu" else right.tool_activation_values(None, name, z)

    return compute


@pytest.mark.parametrize(
    ("value", "hint"), [(0.2, "keras.activations.leaky_relu"), (0.3, "keras.layers.LeakyReLU"), (0.0, "those of relu")]
)
def test_other_slopes_are_named(value, hint):
    """Keras has two defaults, and neither is the lesson's."""
    result = CHECKS.outcome_of("activations", other_values(slope(value)))

    assert result.outcome is Outcome.FAILED
    assert hint in result.message


def test_a_wrong_activation_is_named_where_a_training_fails():
    """A training that rests on it says so."""
    student = other_values(slope(0.2))
    student.functions["compare_pairs"] = lambda data, seed, epochs, rate: {
        pair: student.train_pair(data, pair.split("+")[0].replace("leaky_relu", "elu"), "he", seed, epochs, rate)
        if pair == "leaky_relu+he"
        else student.train_pair(data, *pair.split("+"), seed, epochs, rate)
        for pair in ("relu+torch_default", "relu+he", "tanh+xavier", "sigmoid+xavier", "leaky_relu+he")
    }

    result = CHECKS.outcome_of("pairs", student)

    assert "`get_activation` does not give leaky_relu" in result.message


KERNELS = {
    "he for all": (lambda right, _, shape: right("he", shape), "variance of he"),
    "1/fan_in": (
        lambda right, scheme, shape: right(scheme, shape) * (np.sqrt(3) if scheme == "torch_default" else 1),
        "square of the limit",
    ),
    "fan_out": (lambda right, scheme, shape: right(scheme, shape[::-1]).T, "fan_out in the denominator"),
    "normal": (
        lambda _, __, shape: np.random.default_rng(1).normal(0, np.sqrt(2 / shape[0]), shape),
        "not have the shape|variance",
    ),
}


@pytest.mark.parametrize("mistake", KERNELS)
def test_other_kernels_are_named(mistake):
    """Each kernel is held to its scheme's law."""
    draw, hint = KERNELS[mistake]
    student = ActivationsStudent(SEED)
    right = student.tools["seeded_kernels"]

    def one(scheme, shape):
        return right(None, scheme, shape, [5])[0][0]

    student.tools["seeded_kernels"] = lambda _get, scheme, shape, _seeds: [[draw(one, scheme, shape)] * 2]
    result = CHECKS.outcome_of("initializers", student)

    assert result.outcome is Outcome.FAILED
    assert any(part in result.message for part in hint.split("|"))


@pytest.mark.parametrize(
    ("change", "fragment"),
    [
        (lambda pair, _: [pair[0], pair[0]], "drew the same kernel"),
        (lambda pair, again: [pair[0] + again, pair[1]], "drew other numbers"),
    ],
)
def test_initializers_with_their_own_seed_are_found(change, fragment):
    """Twins, and draws that the global seed does not decide."""
    student = ActivationsStudent(SEED)
    right = student.tools["seeded_kernels"]
    student.tools["seeded_kernels"] = lambda *args: [
        change(pair, np.float32(0.01 * index)) for index, pair in enumerate(right(*args))
    ]

    result = CHECKS.outcome_of("initializers_follow_the_seed", student)

    assert fragment in result.message


PAIR_MISTAKES = {
    "last by scheme": (
        "pair_weights",
        lambda layers: [*layers[:-1], (layers[-1][0] * 2, layers[-1][1])],
        "last kernel",
    ),
    "biases": ("pair_weights", lambda layers: [(k, b + np.float32(0.1)) for k, b in layers], "bias"),
    "twins": ("pair_weights", lambda layers: [layers[0], layers[0], *layers[2:]], "same kernel"),
    "a layer fewer": ("pair", lambda layers: layers[1:], "expected weights of shapes"),
}


@pytest.mark.parametrize("mistake", PAIR_MISTAKES)
def test_other_networks_are_named(mistake):
    """Shapes, laws, biases and twins are looked at."""
    name, change, fragment = PAIR_MISTAKES[mistake]
    student = ActivationsStudent(SEED)

    def build_pair(activation, scheme, units=(64, 64, 2), input_dim=2):
        model = student.drawn(activation, scheme, units, input_dim)
        model.layers = change(model.layers)
        return student.describe(model)

    student.functions["build_pair"] = build_pair
    result = CHECKS.outcome_of(name, student)

    assert result.outcome is Outcome.FAILED
    assert fragment in result.message


def test_measuring_does_not_train():
    """A function that takes a step on its way loses the point for leaving the weights alone."""
    student = ActivationsStudent(SEED)

    def compute(model, x, y):
        for array in model.weights:
            array -= 0.1
        return ActivationsStudent().gradient_norms_one_batch(model, x, y)

    student.functions["gradient_norms_one_batch"] = compute

    assert "changed the model's weights" in CHECKS.outcome_of("nothing_is_trained", student).message


def test_a_model_is_no_activation():
    """What travels is not what a Dense layer takes."""
    student = ActivationsStudent(SEED, get_activation=lambda _: ModelFacts(0, []))

    assert CHECKS.outcome_of("activations", student).outcome is Outcome.FAILED
