"""Exercise 5: the signal through fifteen ReLU layers, forwards and backwards.

With Keras' ``identity`` every layer only applies ReLU, so that what is measured is known exactly: the activations are
rectified normal numbers in every layer, and each gradient but the last is a normal one of which half was erased.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from grader.checks.lesson_107_losses_and_depth import figures, signals
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.randomness import Generator
from grader.wire.values import FigureFacts

KEYS = ("activation_std", "gradient_std")
INITIALIZERS = ("glorot_uniform", "he_normal", "orthogonal")
DEPTH, WIDTH, INPUTS = 15, 128, 100

RECTIFIED_STD = math.sqrt(0.5 - 0.5 / math.pi)  # of ReLU(N(0, 1))
# Relative; more than seven standard errors for 512 rows of 60 numbers or more, by the moments of the normal law.
IDENTITY_TOLERANCE = 0.05

MOST_SEEDS = 40  # one in four has positive weights in the second layer and in the third
DRAWS = 6
# ln(std) scatters from draw to draw by less than 0.01 + 0.09·√(layers passed) forwards and 0.01 + 0.045·√(…) backwards;
# the bound is 6.5 times that, and the error of the mean of the judge's draws on top: docs/calibration-107.md.
SCATTER = {"activation_std": 0.09, "gradient_std": 0.045}
MARGIN = 6.5 * math.sqrt(1 + 1 / DRAWS)


def _probe(student: Student, name: str, depth: int, seed: int, **sizes: Any) -> dict[str, list[float]]:
    """What probe_signal returns, once it has its form; a depth that is the default is not passed."""
    options = sizes | ({} if depth == DEPTH else {"depth": depth})
    what = f'probe_signal("{name}"{"".join(f", {key}={value}" for key, value in options.items())})'
    found = expect.mapping(student.call("probe_signal", name, seed=seed, **options), KEYS, what)
    return {
        key: [
            expect.number(value, f'{what}["{key}"]') for value in expect.sequence(found[key], depth, f'{what}["{key}"]')
        ]
        for key in KEYS
    }


def _identity_hint(key: str, found: list[float]) -> Text:
    later = len(found) - 1
    activations = [
        ([1.0, *[RECTIFIED_STD] * later], T(" That is the deviation before ReLU.")),
        ([RECTIFIED_STD**2] * (later + 1), T(" That is the variance; the deviation is its square root.")),
        ([math.sqrt(0.5)] * (later + 1), T(" That is √E[h²]; the standard deviation subtracts the mean.")),
        ([1 / math.sqrt(2 * math.pi)] * (later + 1), T(" That is the mean.")),
    ]
    if key == "activation_std":
        return next((text for wrong, text in activations if np.allclose(found, wrong, rtol=0.04)), Text(""))
    usual = [math.sqrt(0.5)] * later
    gradients = [
        ([1.0, *usual], T(" They come in the reverse order: first the first layer.")),
        ([*usual, math.sqrt(0.5)], T(" That is the gradient before ReLU; it is asked for the outputs h.")),
        ([*[0.5] * later, 1.0], T(" That is the variance; the deviation is its square root.")),
    ]
    hint = next((text for wrong, text in gradients if np.allclose(found, wrong, rtol=0.04)), Text(""))
    if not hint.template and abs(found[-1] - 1) > IDENTITY_TOLERANCE:
        return T(" The gradient that enters at the last layer is N(0, 1), one number for each output.")
    return hint


@check(exercise="5", points=4)
def check_probe(student: Student, rng: Generator) -> None:
    """probe_signal measures the outputs after ReLU and the gradient for them, with the sizes that it is given."""
    depth, width = int(rng.integers(3, 12)), int(rng.integers(60, 100))
    sizes = {"width": width, "input_dim": width}
    found = _probe(student, "identity", depth, int(rng.integers(2**31)), **sizes)
    wanted = {"activation_std": [RECTIFIED_STD] * depth, "gradient_std": [math.sqrt(0.5)] * (depth - 1) + [1.0]}
    for key in KEYS:
        if not np.allclose(found[key], wanted[key], rtol=IDENTITY_TOLERANCE):
            raise Mismatch(
                T(
                    '`probe_signal("identity", …)["{key}"]`: expected {expected}, received {received}.{hint}',
                    key=key,
                    expected=[f"{value:.3g}" for value in wanted[key]],
                    received=[f"{value:.3g}" for value in found[key]],
                    hint=_identity_hint(key, found[key]),
                )
            )


def expected(name: str, rng: Generator) -> dict[str, list[float]]:
    """ln(std) layer by layer, as a mean over networks drawn by the judge."""
    profiles = [signals.probe(name, DEPTH, WIDTH, INPUTS, rng) for _ in range(DRAWS)]
    return {key: np.mean(np.log([getattr(each, key) for each in profiles]), axis=0).tolist() for key in KEYS}


def tolerance(key: str, layer: int) -> float:
    """How far ln(std) of layer 1, 2, … may lie from what is expected."""
    passed = layer - 1 if key == "activation_std" else DEPTH - layer
    return MARGIN * (0.01 + SCATTER[key] * math.sqrt(passed))


def _expect_profile(name: str, key: str, found: list[float], wanted: list[float]) -> None:
    for layer, (std, mean) in enumerate(zip(found, wanted, strict=True), start=1):
        if std > 0 and abs(math.log(std) - mean) <= tolerance(key, layer):
            continue
        hint = Text("")
        if name == "orthogonal" and std > 0 and std < math.exp(mean):
            hint = T(" For ReLU it is Orthogonal(gain=math.sqrt(2)).")
        raise Mismatch(
            T(
                '`probe_signal("{name}")["{key}"]`: in layer {layer} it should be about {expected}; received '
                "{received}.{hint}",
                name=name,
                key=key,
                layer=layer,
                expected=f"{math.exp(mean):.2g}",
                received=f"{std:.2g}",
                hint=hint,
            )
        )


@check(exercise="5", points=4)
def check_probe_initializers(student: Student, rng: Generator) -> None:
    """probe_signal shows what Glorot, He and orthogonal kernels make of the signal in fifteen layers of 128."""
    for name in rng.permutation(INITIALIZERS).tolist():
        found, wanted = _probe(student, name, DEPTH, int(rng.integers(2**31))), expected(name, rng)
        for key in KEYS:
            _expect_profile(name, key, found[key], wanted[key])
    _expect_own_kernels(student, rng)


def _expect_own_kernels(student: Student, rng: Generator) -> None:
    """Of three layers with one neuron, each multiplies the signal by its only weight, if that is positive."""
    gains: list[tuple[float, float]] = []
    for seed in rng.choice(2**31, MOST_SEEDS, replace=False).tolist():
        first, second, third = _probe(student, "he_normal", 3, seed, width=1, input_dim=1)["activation_std"]
        if min(first, second, third) > 0:
            gains.append((second / first, third / second))
        if gains and not math.isclose(*gains[-1], rel_tol=1e-4):
            return
        if len(gains) == 2:  # own weights that agree so closely twice: once in a hundred million runs
            raise Mismatch(
                T(
                    "`probe_signal`: two layers have the same kernel. Draw one for each layer: an initializer object "
                    "repeats its numbers."
                )
            )


@check(exercise="5", points=2)
def check_probe_seed(student: Student, rng: Generator) -> None:
    """The seed of probe_signal decides all its numbers: the same one gives the same, another one others."""
    seed, other, first, second = rng.choice(2**31, 4, replace=False).tolist()
    sizes = {"width": int(rng.integers(20, 40)), "input_dim": int(rng.integers(10, 20))}
    student.require("probe_signal")
    student.tool("unsettle", first)
    found = _probe(student, "he_normal", 3, seed, **sizes)
    student.tool("unsettle", second)
    again = _probe(student, "he_normal", 3, seed, **sizes)
    if not all(np.allclose(found[key], again[key], rtol=1e-5) for key in KEYS):
        raise Mismatch(T("The same seed gave two different results. Call keras.utils.set_random_seed(seed) first."))
    elsewhere = _probe(student, "he_normal", 3, other, **sizes)
    for key in KEYS:
        if np.allclose(found[key], elsewhere[key], rtol=1e-5):
            raise Mismatch(T("Two different seeds gave the same {key}. Use the argument `seed`.", key=key))


@check(exercise="5", points=2)
def check_signal_plot(student: Student, rng: Generator) -> None:
    """plot_signal draws both profiles, layer by layer, on axes of their own with a logarithmic scale."""
    what, layers = "plot_signal", int(rng.integers(6, 12))
    names = rng.permutation(INITIALIZERS)[: int(rng.integers(2, 4))].tolist()
    results = {name: {key: np.exp(rng.uniform(-4, 1, layers)).tolist() for key in KEYS} for name in names}
    figure = expect.figure(student.call(what, results), what)
    places: dict[str, set[int]] = {}
    for key in KEYS:
        for name in names:
            places.setdefault(key, set()).add(_expect_signal_line(figure, results[name][key], name, key, what))
    if any(len(numbers) > 1 for numbers in places.values()) or places[KEYS[0]] == places[KEYS[1]]:
        raise Mismatch(T("`{what}`: activation_std belongs on one axes and gradient_std on another.", what=what))
    expect.words(figure, what)


def _expect_signal_line(figure: FigureFacts, values: list[float], name: str, key: str, what: str) -> int:
    """The number of the axes that show these values over the layers, on a logarithmic scale and with a label."""
    for number, axes, line in figures.lines_of(figure, values, what):
        if not np.array_equal(line.x, range(1, len(values) + 1)):
            raise Mismatch(T("`{what}`: the horizontal axis should count the layers from 1.", what=what))
        if axes.yscale != "log":
            raise Mismatch(T('`{what}`: the vertical axis should be logarithmic: set_yscale("log").', what=what))
        figures.expect_label(axes, line, name, what)
        return number
    raise Mismatch(T('`{what}`: no line shows results["{name}"]["{key}"].', what=what, name=name, key=key))
