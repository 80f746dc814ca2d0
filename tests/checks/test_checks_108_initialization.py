"""Lesson 108 on a stand-in: known mistakes, forged homeworks, and what holds beside test_check_laws.py."""

import itertools
import math
from collections import Counter

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.homework import PLACEHOLDER, homework_seed
from grader.checks.lesson_108_initialization import check_6_homework_file
from grader.checks.lesson_108_initialization.homework_file import images
from grader.checks.lesson_108_initialization.homework_file.protocol import PROTOCOL
from grader.exercises import HOMEWORK, QUIZ
from grader.judge.artifacts import Audit
from grader.mathematics import network
from grader.results import Outcome
from grader.wire.values import FigureFacts
from tests.support.files import npz
from tests.support.judging import NO_GOOD, SEED, Checks
from tests.support.lessons.claims_108_initialization import flat
from tests.support.lessons.student_108_initialization import NumpyStudent
from tests.support.students import AnyStudent

CHECKS = Checks("108_initialization")


# --- the list of checks -----------------------------------------------------------------------------------------


def test_points_sum_to_a_hundred():
    """Fifty-two for the five exercises, forty for the homework, eight for the quiz."""
    points = Counter()
    for each in CHECKS.every:
        points[each.exercise] += each.points

    assert sum(points.values()) == 100
    assert (points[HOMEWORK], points[QUIZ]) == (40, 8)
    assert set(points) == {"1", "2", "3", "4", "5", HOMEWORK, QUIZ}
    assert all(each.points > 0 for each in CHECKS.every)


# --- what passes ------------------------------------------------------------------------------------------------


def test_inputs_are_drawn_from_the_seed():
    """The same seed asks the same, another one asks something else: a recorded answer is worth nothing."""

    def asked(seed):
        shapes = []
        student = NumpyStudent(compute_fans=lambda shape: shapes.append(tuple(shape)) or (0, 0))
        CHECKS.outcome_of("dense_fans", student, seed)
        return shapes

    assert asked(1) == asked(1) != asked(2)


# --- what does not pass -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHECKS.on_file())
@settings(max_examples=6)
@given(content=st.binary(max_size=50))
def test_no_file_for_everything_passes(name, content):
    """A homework of random bytes earns nothing."""
    assert CHECKS.outcome_of(name, AnyStudent(0, content)).outcome in NO_GOOD


def unnamed():
    """Raise an exception that is only called ValueError."""
    raise type("ValueError", (Exception,), {})("not Python's")


def wrong_variance(change):
    """A theoretical_variance whose right value is changed."""
    right = NumpyStudent().theoretical_variance
    return lambda name, fan_in, fan_out: change(right(name, fan_in, fan_out), fan_in, fan_out)


def changed(name, change):
    """The right function of this name, its result changed."""
    return {name: lambda *args, **kwargs: change(getattr(NumpyStudent(), name)(*args, **kwargs))}


def draws_from(initializer):
    """A build_mlp that takes its own initializer for the hidden layers, whatever it is told."""

    def make(student):
        return lambda units, activation, _, input_dim=784: NumpyStudent.build_mlp(
            student, units, activation, initializer, input_dim
        )

    return make


def compares(rate=0.01, batch=32, order=0, ahead=(0, 0, 0)):
    """compare_initializers with another recipe, or with so many initializers made since the seed, for each network."""

    def compare(data, seed, epochs):
        student, histories = NumpyStudent(), {}
        for name, made in zip(("glorot_uniform", "he_normal", "random_normal"), ahead, strict=True):
            start = student.start(name, [seed, made] if made else seed)
            histories[name], _ = student.fit(start, data.arrays, seed + order, epochs, batch, rate)
        return histories

    return {"compare_initializers": compare}


def constant_histories(entry):
    """The entry of a tanh comparison with a history that nobody trained."""
    return entry | {"history": {key: [0.5] * len(values) for key, values in entry["history"].items()}}


def random_weights(data, seed, epochs):
    """Numbers from the seed with terms for the data and the epochs."""
    rng, moves = np.random.default_rng(seed), np.random.default_rng([seed, int(data.arrays[0].sum())])
    start = [rng.normal(0, 0.05, shape) for shape in ((784, 32), (32,), (32, 10), (10,))]
    return [array + 0.001 * epochs * moves.normal(size=array.shape) for array in start]


def in_turns(*names):
    """A function that answers with these names, one after the other."""
    turns = itertools.cycle(names)
    return lambda _: next(turns)


MISTAKES = {
    "one seed for all networks": ("glorot_and_he_learn", compares(ahead=(0, 5, 10)), "without setting the seed again"),
    "comparison: rate": ("glorot_and_he_learn", compares(rate=0.02), "SGD(0.02)"),
    "comparison: batch": ("glorot_and_he_learn", compares(batch=16), "batches of 16"),
    "comparison: order": ("glorot_and_he_learn", compares(order=1), "the same seed"),
    "ln 10 written down": (
        "random_normal_stalls",
        changed(
            "compare_initializers",
            lambda r: (
                r
                | {
                    "random_normal": r["random_normal"]
                    | {"val_loss": [math.log(10)] * len(r["random_normal"]["val_loss"])}
                }
            ),
        ),
        "val_loss should be",
    ),
    "constant tanh histories": (
        "tanh_comparison",
        changed("compare_tanh_initializers", lambda r: {name: constant_histories(entry) for name, entry in r.items()}),
        "val_loss should be",
    ),
    "saturations exchanged": (
        "he_saturates_tanh",
        changed("compare_tanh_initializers", lambda r: dict(zip(r, list(r.values())[::-1], strict=True))),
        "saturation should be",
    ),
    "random weights": (
        "training_depends_on_seed_and_data",
        {"train_reproducibly": random_weights},
        "follow the gradient",
    ),
    "fans swapped": ("dense_fans", {"compute_fans": lambda s: (s[1], s[0])}, "swapped"),
    "fans without window": ("convolution_fans", {"compute_fans": lambda s: (s[-2], s[-1])}, "Each channel counts"),
    "window in fan_in only": (
        *("convolution_fans", {"compute_fans": lambda s: (math.prod(s[:-1]), s[-1])}, "The window counts for fan_out"),
    ),
    "fans and a half": ("dense_fans", {"compute_fans": lambda s: (s[0] + 0.5, s[1])}, ""),
    "standard deviation": (
        "variances",
        {"theoretical_variance": wrong_variance(lambda v, *_: math.sqrt(v))},
        "standard",
    ),
    "limit for variance": (
        "variances",
        {"theoretical_variance": wrong_variance(lambda v, *_: math.sqrt(3 * v))},
        "limit",
    ),
    "always He": ("variances", {"theoretical_variance": lambda _, i, __: 2 / i}, "Your value is He's 2/fan_in"),
    "always Glorot": ("variances", {"theoretical_variance": lambda _, i, o: 2 / (i + o)}, "Your value is Glorot's"),
    "one percent off": ("variances", {"theoretical_variance": wrong_variance(lambda v, *_: 1.01 * v)}, ""),
    "unknown is None": (
        *("unknown_initializer", {"theoretical_variance": lambda name, *_: 0.1 if name == "he_normal" else None}),
        "should raise ValueError",
    ),
    "nothing is returned": ("unknown_initializer", {"theoretical_variance": lambda *_: None}, "should return a value"),
    "unknown is called ValueError": (
        *("unknown_initializer", {"theoretical_variance": lambda name, *_: 0.1 if name == "he_normal" else unnamed()}),
        "not Python's",
    ),
    "unknown is KeyError": ("unknown_initializer", {"theoretical_variance": lambda *_: {}["x"]}, "x"),
    "limit is std": ("limits", changed("uniform_limit", lambda v: v / math.sqrt(3)), "standard deviation"),
    "limit of normal": ("no_limit_for_normal", {"uniform_limit": lambda *_: 0.1}, "should raise ValueError"),
    "kernel transposed": (
        *("default_kernel", changed("inspect_default_kernel", lambda r: r | {"kernel": r["kernel"].T}), "shape"),
    ),
    "kernel of He": (
        "default_kernel",
        changed(
            "inspect_default_kernel",
            lambda r: r | {"kernel": (k := r["kernel"] * 1.2), "empirical_variance": float(k.var())},
        ),
        "variance",
    ),
    "theory for measurement": (
        "default_kernel",
        changed("inspect_default_kernel", lambda r: r | {"empirical_variance": r["theoretical_variance"]}),
        "empirical_variance",
    ),
    "seed ignored": (
        *(
            "default_kernel",
            {"inspect_default_kernel": lambda u, i, _: NumpyStudent().inspect_default_kernel(u, i, 1)},
            "seed",
        ),
    ),
    "variances of columns": (
        "activation_variances",
        {"activation_variances": lambda a: [float(h.var(0).mean()) for h in a]},
        "each unit",
    ),
    "standard deviations": (
        "activation_variances",
        {"activation_variances": lambda a: [float(h.std()) for h in a]},
        "standard",
    ),
    "softmax too": (
        *(
            "layer_activations",
            {"layer_activations": lambda m, x: [*network.hidden(m.layers, x, m.activation), x]},
            "Leave the softmax",
        ),
    ),
    "before activation": (
        "layer_activations",
        {"layer_activations": lambda m, x: network.hidden(m.layers, x, {"relu": "tanh", "tanh": "relu"}[m.activation])},
        "after the activation",
    ),
    "positive side only": (
        "saturation",
        {"saturation_fraction": lambda a, t=0.97: [float((h > t).mean()) for h in a]},
        "absolute",
    ),
    "share that is free": (
        "saturation",
        {"saturation_fraction": lambda a, t=0.97: [float((abs(h) <= t).mean()) for h in a]},
        "not saturated",
    ),
    "threshold ignored": (
        "saturation_threshold",
        {"saturation_fraction": lambda a, _: [float((abs(h) > 0.97).mean()) for h in a]},
        "threshold",
    ),
    "live snapshot": ("snapshot_is_a_copy", {"snapshot_weights": lambda m: m.weights}, "live variables"),
    "no restore": ("restore", {"restore_weights": lambda *_: None}, "largest difference"),
    "biases too": (
        "kernel_norms",
        {"kernel_norms": lambda w: [float(np.linalg.norm(a)) for a in w]},
        "leave the biases out",
    ),
    "spectral norm": (
        "kernel_norms",
        {"kernel_norms": lambda w: [float(np.linalg.norm(a, 2)) for a in w[::2]]},
        "spectral",
    ),
    "no square root": (
        "kernel_norms",
        {"kernel_norms": lambda w: [float((a**2).sum()) for a in w[::2]]},
        "square root is missing",
    ),
    "Glorot competes": (
        "best_initializer",
        {"best_initializer": lambda r: max(r, key=lambda n: r[n]["history"]["val_accuracy"][-1])},
        "Only he_uniform and he_normal compete",
    ),
    "best epoch": (
        "best_initializer",
        {
            "best_initializer": lambda r: max(
                ("he_uniform", "he_normal"), key=lambda n: max(r[n]["history"]["val_accuracy"])
            )
        },
        "last epoch counts",
    ),
    "the first He variant": (
        "best_initializer",
        {"best_initializer": lambda r: next(n for n in r if n.startswith("he"))},
        "`best_initializer`: expected",
    ),
    "the smallest loss": (
        "best_initializer",
        {"best_initializer": lambda r: min(("he_uniform", "he_normal"), key=lambda n: r[n]["history"]["val_loss"][-1])},
        "`best_initializer`: expected",
    ),
    "in turns": (
        "best_initializer",
        {"best_initializer": in_turns("he_uniform", "he_normal")},
        "`best_initializer`: expected",
    ),
    "always he_normal": ("best_initializer", {"best_initializer": lambda _: "he_normal"}, "expected he_uniform"),
    "an array of names": ("best_initializer", {"best_initializer": lambda _: np.zeros(2)}, "received"),
    "seed forgotten": ("seed_everything", {"seed_everything": lambda _: None}, "still give other numbers"),
    "constant weights": (
        "training_depends_on_seed_and_data",
        {"train_reproducibly": lambda *_: [np.ones((784, 10))]},
        "Two different seeds",
    ),
    "one panel": (
        "histograms",
        {"plot_activation_histograms": lambda a: FigureFacts(NumpyStudent().plot_activation_histograms(a).axes[:1])},
        "axes with a histogram",
    ),
    "train loss plotted": (
        "val_loss_plot",
        {"plot_val_loss": lambda h: NumpyStudent().plot_val_loss({n: {"val_loss": e["loss"]} for n, e in h.items()})},
        "no line shows",
    ),
    "protocol: learning rate": (
        *("training_protocol", {"train_homework": lambda *a, **k: trains(1e-2, 256, *a, **k)}, "Check optimizer"),
    ),
    "protocol: batch": (
        "training_protocol",
        {"train_homework": lambda *a, **k: trains(1e-3, 32, *a, **k)},
        "Check optimizer",
    ),
    "protocol: nothing": (
        "training_protocol",
        {"train_homework": lambda *a, **k: trains(0.0, 256, *a, **k)},
        "are the same",
    ),
    "protocol: Glorot's last": (
        *(
            "paired_draws",
            {"train_homework": lambda d, n, seed, epochs: trains(1e-3, 256, d, n, seed + len(n), epochs)},
            "rescaled",
        ),
    ),
}


def trains(rate, batch, data, name, seed, epochs):
    """A homework training by another protocol."""
    student = NumpyStudent()
    start = network.new_network(PROTOCOL.units, name, 784, np.random.default_rng(seed))
    history, last = student.fit(start, data.arrays, seed, epochs, batch, rate)
    return {"history": history, "initial_weights": flat(start), "final_weights": flat(last)}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_known_mistakes_fail_with_their_hint(mistake):
    """Each misconception is found, whatever is drawn, and called by its name in some run."""
    name, wrong, hint = MISTAKES[mistake]

    results = [CHECKS.outcome_of(name, NumpyStudent(seed, **wrong), seed) for seed in range(3)]

    assert {result.outcome for result in results} <= {Outcome.FAILED, Outcome.ERROR}, results[0].message
    assert any(hint in result.message for result in results), results[0].message


def test_results_kept_by_argument_do_not_outlive_their_process():
    """Weights that no seed decides are not reproducible because the function remembers what it returned."""
    student, trainings = NumpyStudent(), itertools.count(1)

    def remembering(data, seed, epochs):
        key = seed, epochs, data.arrays[0].tobytes()
        if key not in student.memory:
            student.memory[key] = student.train_reproducibly(data, next(trainings), epochs)
        return student.memory[key]

    student.functions["train_reproducibly"] = remembering

    result = CHECKS.outcome_of("reproducible_training", student)

    assert result.outcome is Outcome.FAILED
    assert "in a new process" in result.message


@pytest.mark.parametrize("ahead", [(1, 1, 1), (3, 3, 3), (0, 0, 1)])
def test_initializer_objects_may_be_made_after_the_seed(ahead):
    """An object takes a seed from Python's generator before the network does; both orders are right."""
    student = NumpyStudent(**compares(ahead=ahead))

    outcomes = {CHECKS.outcome_of(name, student).outcome for name in ("glorot_and_he_learn", "random_normal_stalls")}

    assert outcomes == {Outcome.PASSED}


def test_a_comparison_of_one_initializer_with_itself_shows_nothing():
    """Where build_mlp ignores the initializer, histories of its trainings are no comparison."""
    student = NumpyStudent()
    student.start = lambda _, seed: NumpyStudent().start("he_normal", seed)

    result = CHECKS.outcome_of("he_saturates_tanh", student)

    assert result.outcome is Outcome.NOT_RUN
    assert "glorot_uniform draws with" in result.message


@pytest.mark.parametrize(
    ("name", "build", "fragment"),
    [
        ("mlp_initializers", draws_from("glorot_uniform"), "variance"),
        ("mlp", lambda s: lambda u, _, k, d=784: NumpyStudent.build_mlp(s, u, "sigmoid", k, d), "activation asked for"),
        (
            "mlp",
            lambda s: lambda u, a, k, d=784: NumpyStudent.build_mlp(s, u[::-1], a, k, d),
            "expected weights of shapes",
        ),
        ("mlp", lambda s: lambda u, a, k, _: NumpyStudent.build_mlp(s, u, a, k, 784), "expected weights"),
        ("mlp_biases", lambda s: lambda u, a, k, d=784: with_biases(s, u, a, k, d), "does not start at zero"),
    ],
)
def test_wrong_networks_fail(name, build, fragment):
    """Initializer, activation, sizes, inputs and biases are all looked at."""
    student = NumpyStudent()
    built = build(student)
    student.functions["build_mlp"] = lambda u, a, k, input_dim=784: built(u, a, k, input_dim)

    result = CHECKS.outcome_of(name, student)

    assert result.outcome is Outcome.FAILED
    assert fragment in result.message


def with_biases(student, units, activation, initializer, input_dim):
    """A network whose biases start at 0.1."""
    facts = student.build_mlp(units, activation, initializer, input_dim)
    model = student.kept[facts.handle]
    for _, bias in model.layers:
        bias += 0.1
    return student.describe(model)


# --- the homework's file ----------------------------------------------------------------------------------------


def damaged(claims, change):
    """The honest homework after ``change`` worked on copies of its weights and histories."""
    weights = {name: array.copy() for name, array in claims[0].items()}
    histories = {name: {key: list(values) for key, values in each.items()} for name, each in claims[1].items()}
    meta = change(weights, histories) or {}
    return npz(weights, **({"histories": histories} | meta))


def scale(weights, prefix, factor):
    """Multiply some arrays."""
    for name in weights:
        if name.startswith(prefix):
            weights[name] *= np.float32(factor)


def swap(weights, first, second):
    """Exchange the arrays of two groups."""
    for name in [name for name in weights if name.startswith(first)]:
        other = second + name.removeprefix(first)
        weights[name], weights[other] = weights[other], weights[name]


def relabel(weights, histories, first, second):
    """Exchange everything of two networks."""
    swap(weights, first, second)
    histories[first], histories[second] = histories[second], histories[first]


def coarsen(weights, name):
    """Tell changes in steps eight times as long."""
    for index in range(10):
        codes = weights[f"{name}/codes/{index}"]
        weights[f"{name}/codes/{index}"] = np.rint(codes / 8).astype(np.int8)
    scale(weights, f"{name}/steps", 8)


FORGERIES = {
    "accuracy claimed": (lambda _w, h: h["he_normal"]["val_accuracy"].__setitem__(-1, 0.95), "claimed_accuracies"),
    "loss claimed": (lambda _w, h: h["he_normal"]["val_loss"].__setitem__(-1, 0.1), "claimed_accuracies"),
    "first epoch claimed": (
        lambda _w, h: [e["val_loss"].__setitem__(0, 1.0) for e in h.values()] and None,
        "claimed_accuracies",
    ),
    "an epoch in the middle claimed": (
        lambda _w, h: h["he_uniform"]["val_accuracy"].__setitem__(9, 0.9),
        "claimed_accuracies",
    ),
    "no epoch": (lambda w, _h: [w[f"glorot_uniform/codes/{i}"].fill(0) for i in range(10)] and None, "drawn_epochs"),
    "other epochs": (lambda w, _h: swap(w, "glorot_uniform/codes", "he_uniform/codes"), "drawn_epochs"),
    "epochs in another order": (
        lambda w, _h: w.update({n: a[::-1].copy() for n, a in w.items() if "/codes/" in n or n.endswith("/steps")}),
        "drawn_epochs",
    ),
    "steps too long": (lambda w, _h: scale(w, "he_normal/steps", 1.2), "drawn_epochs"),
    "changes missing": (lambda w, _h: w.pop("he_normal/codes/3") is None or None, "homework_is_complete"),
    "steps missing": (lambda w, _h: w.pop("he_normal/steps") is None or None, "homework_is_complete"),
    "steps that hide": (lambda w, _h: coarsen(w, "he_normal"), "homework_is_complete"),
    "NaN in the steps": (lambda w, _h: w["he_normal/steps"].fill(np.nan), "homework_is_complete"),
    "changes of nineteen epochs": (
        lambda w, _h: w.update({"he_normal/codes/0": w["he_normal/codes/0"][1:]}),
        "homework_is_complete",
    ),
    "another's name": (lambda _w, _h: {"student_id": "otra"}, "homework_is_complete"),
    "another's seed": (lambda _w, _h: {"student_id": "otra", "seed": homework_seed("otra")}, "drawn_epochs"),
    "no name": (lambda _w, _h: {"student_id": " "}, "homework_is_complete"),
    "the notebook's name": (lambda _w, _h: {"student_id": PLACEHOLDER}, "homework_is_complete"),
    "the grader's name": (lambda _w, _h: {"student_id": "pytest grader", "code": "abc"}, "homework_is_complete"),
    "an older form": (lambda _w, _h: {"schema": 1}, "homework_is_complete"),
    "a newer form": (lambda _w, _h: {"schema": 3}, "homework_is_complete"),
    "weights of another, with noise": (
        lambda w, _h: [a.__iadd__(1e-3 * a.std()) for n, a in w.items() if "/initial/" in n] and None,
        "initial_weights",
    ),
    "He for Glorot": (lambda w, h: relabel(w, h, "glorot_uniform", "he_normal"), "initial_weights"),
    "He uniform for He normal": (lambda w, h: relabel(w, h, "he_uniform", "he_normal"), "initial_weights"),
    "initial is final": (lambda w, _h: swap(w, "he_normal/initial", "he_normal/final"), "initial_weights"),
    "initial scaled": (lambda w, _h: scale(w, "he_normal/initial/0", 1.05), "initial_weights"),
    "biases drawn": (lambda w, _h: w["he_normal/initial/1"].__iadd__(np.float32(0.1)) is None, "initial_weights"),
    "final of another": (lambda w, _h: swap(w, "glorot_uniform/final", "he_normal/final"), "claimed_accuracies"),
    "nineteen epochs": (lambda _w, h: [e.popitem() and None for e in h.values()] and None, "homework_is_complete"),
    "NaN in the weights": (lambda w, _h: w["he_normal/final/0"].fill(np.nan), "homework_is_complete"),
    "infinity in the weights": (lambda w, _h: w["he_normal/final/0"].fill(np.inf), "homework_is_complete"),
    "array missing": (lambda w, _h: w.pop("he_normal/final/9") is None or None, "homework_is_complete"),
    "other shape": (
        lambda w, _h: w.update({"he_normal/final/0": np.ones((300, 784), np.float32)}),
        "homework_is_complete",
    ),
    "network missing": (lambda _w, h: h.pop("he_uniform") and None, "homework_is_complete"),
    "other lesson": (lambda _w, _h: {"lesson": "107_losses"}, "homework_is_complete"),
    "huge final weights": (lambda w, _h: scale(w, "he_normal/final", 1e37), "claimed_accuracies"),
    "zero final weights": (lambda w, _h: scale(w, "he_normal/final", 0), "claimed_accuracies"),
    "accuracy is a text": (lambda _w, h: h["he_normal"].update(val_accuracy=["1"] * 20), "homework_is_complete"),
    "accuracy above one": (lambda _w, h: h["he_normal"].update(accuracy=[1.5] * 20), "homework_is_complete"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
@pytest.mark.usefixtures("fewer_images")
def test_forged_homeworks_fail_where_they_lie(forgery, claims):
    """The check that looks at the lie fails, and what rests on it earns nothing."""
    change, name = FORGERIES[forgery]
    content = damaged(claims, change)
    student = NumpyStudent(SEED, content)
    results = {each: CHECKS.outcome_of(each, student) for each in CHECKS.on_file()}

    assert results[name].outcome is Outcome.FAILED, results[name].message
    assert results["he_beats_glorot"].outcome in (Outcome.FAILED, Outcome.NOT_RUN)
    assert not [r.message for r in results.values() if r.outcome is Outcome.GRADER_FAULT]


@pytest.mark.usefixtures("fewer_images")
@pytest.mark.parametrize("seed", [-5, -(2**63), 0, 2**63, 10**30])
def test_any_seed_in_the_file_is_replayed(seed, claims):
    """Also negative and huge ones: at most the epoch does not fit."""
    result = CHECKS.outcome_of("drawn_epochs", NumpyStudent(SEED, npz(claims[0], histories=claims[1], seed=seed)))

    assert result.outcome in (Outcome.PASSED, Outcome.FAILED, Outcome.ERROR)


@pytest.mark.usefixtures("fewer_images")
@pytest.mark.parametrize(
    ("name", "asked", "says"),
    [
        ("he_beats_glorot", {"min_gap": 99}, "99 are asked"),
        ("norms_after_training", {"max_norm_ratio": 1}, "a factor of 1."),
    ],
)
def test_a_result_that_is_not_enough_fails_the_acceptance(name, asked, says, right_file, monkeypatch):
    """The gap and the norms are computed from the weights of a training that is proved."""
    monkeypatch.setattr(check_6_homework_file, "PROTOCOL", msgspec.structs.replace(PROTOCOL, **asked))

    result = CHECKS.outcome_of(name, NumpyStudent(SEED, right_file))

    assert result.outcome is Outcome.FAILED
    assert says in result.message


@pytest.mark.usefixtures("fewer_images")
def test_a_file_of_the_first_form_is_graded_where_it_is_asked_for(claims):
    """Its first epoch and its last accuracies are true; few images do not get to where twenty epochs end."""
    arrays = {name: array for name, array in claims[0].items() if "/codes/" not in name and "/steps" not in name}
    student = NumpyStudent(SEED, npz(arrays, histories=claims[1], schema=1))
    student.audit = Audit(schema=1)

    results = {name: CHECKS.outcome_of(name, student) for name in CHECKS.on_file()}

    beats = results.pop("he_beats_glorot")
    assert {result.outcome for result in results.values()} == {Outcome.PASSED}
    assert "Was it trained for all" in beats.message


@pytest.mark.usefixtures("fewer_images")
@pytest.mark.parametrize("epoch", [0, 7, 19])
def test_an_audit_finds_one_epoch_that_was_left_out(epoch, claims):
    """What three drawn epochs miss, all of them do not."""

    def leave_out(weights, _):
        for index in range(10):
            weights[f"he_uniform/codes/{index}"][epoch] = 0

    student = NumpyStudent(SEED, damaged(claims, leave_out))
    student.audit = Audit(thorough=True)

    assert CHECKS.outcome_of("drawn_epochs", student).outcome is Outcome.FAILED


@pytest.mark.usefixtures("fewer_images")
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_numbers_that_overflow_do_not_pass_where_warnings_are_silent(claims):
    """What the judge cannot compute is not what was asked: NaN compares with nothing, so it must not compare well."""

    def blow_up(weights, histories):
        scale(weights, "glorot_uniform/final", 1e37)
        layers = network.pairs([weights[f"glorot_uniform/final/{i}"] for i in range(10)])
        _, accuracy = network.evaluate(layers, *images.validation_images())
        histories["glorot_uniform"]["val_accuracy"][-1] = accuracy

    result = CHECKS.outcome_of("claimed_accuracies", NumpyStudent(SEED, damaged(claims, blow_up)))

    assert result.outcome is Outcome.FAILED
