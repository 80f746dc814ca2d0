"""Exercise 1: activations and initializers by name, and the network built from a pair of them."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.recipes import ACTIVATIONS, SCHEMES, expect_scheme, layers_of, near
from grader.judge import expect
from grader.judge.check import Mismatch, Student, Unanswered, check
from grader.judge.kernels import expect_kernel
from grader.language.messages import T, Text
from grader.mathematics import network
from grader.mathematics.activations import ACTIVATIONS as KNOWN
from grader.mathematics.activations import LEAKY_SLOPE, SELU_ALPHA, SELU_SCALE
from grader.randomness import Generator
from grader.wire.values import FunctionName, ModelFacts, Opaque

UNKNOWN_ACTIVATIONS = ("softplus", "softsign", "exponential", "hard_sigmoid", "linear", "log_softmax", "hard_tanh")
UNKNOWN_SCHEMES = ("orthogonal", "glorot_uniform", "he_normal", "zeros", "random_normal", "kaiming")

GELU_FACTOR = 1.702
SLOPES = {"keras.activations.leaky_relu": 0.2, "keras.layers.LeakyReLU": 0.3}


def _leaky(slope: float) -> Callable[[Array], Array]:
    return lambda z: np.where(z > 0, z, slope * z)


def _unscaled_selu(z: Array) -> Array:
    return np.where(z > 0, z, SELU_ALPHA * np.expm1(np.minimum(z, 0)))


# What is taken for an activation: slopes of leaky ReLU elsewhere, approximations, other parameters.
WRONG: dict[str, list[tuple[Callable[[Array], Array], Text]]] = {
    "leaky_relu": [
        *(
            (_leaky(slope), T(" {slope} is the default of {place}.", slope=slope, place=p))
            for p, slope in SLOPES.items()
        ),
        (_leaky(0.1), T(" The slope is {slope}.", slope=LEAKY_SLOPE)),
        (_leaky(-LEAKY_SLOPE), T(" For negative z it is {slope}·z, which is negative.", slope=LEAKY_SLOPE)),
    ],
    "gelu": [
        (
            lambda z: z * (1 + np.tanh(np.sqrt(2 / np.pi) * (z + 0.044715 * z**3))) / 2,
            T(" That is the approximation by tanh; the default of keras.activations.gelu is the exact form."),
        ),
        (
            lambda z: z / (1 + np.exp(-GELU_FACTOR * z)),
            T(" That is the approximation z·sigmoid({factor}·z).", factor=GELU_FACTOR),
        ),
    ],
    "elu": [(_unscaled_selu, T(" The default is alpha = 1."))],
    "selu": [(_unscaled_selu, T(" The scale {scale} is missing.", scale=f"{SELU_SCALE:.4f}"))],
    "mish": [(lambda z: z * np.tanh(np.exp(z)), T(" Mish is z·tanh(log(1 + e^z))."))],
    "sigmoid": [(lambda z: np.clip(z / 6 + 0.5, 0, 1), T(" That is hard_sigmoid."))],
    "tanh": [(lambda z: 1 / (1 + np.exp(-2 * z)), T(" tanh(z) = 2·sigmoid(2·z) − 1."))],
}


def _activation_hint(name: str, z: Array, received: Array) -> Text:
    others = [
        (each.function, T(" Your values are those of {other}.", other=other))
        for other, each in KNOWN.items()
        if other != name
    ]
    return next((text for wrong, text in [*WRONG.get(name, []), *others] if near(received, wrong(z))), Text(""))


@check(exercise="1", points=5)
def check_activations(student: Student, rng: Generator) -> None:
    """get_activation gives the nine activations, with the lesson's slope for leaky ReLU."""
    for name in rng.permutation(ACTIVATIONS).tolist():
        what = f'get_activation("{name}")'
        given = student.call("get_activation", name)
        if not isinstance(given, Opaque):
            raise Mismatch(
                T(
                    "`{what}` should return a function; received {received}.{hint}",
                    what=what,
                    received=expect.show(given),
                    hint=T(" Is a `return` missing?") if given is None else Text(""),
                )
            )
        z = np.concatenate([rng.normal(scale=2.5, size=(30, 4)), rng.uniform(-15, 15, (3, 4))]).astype(np.float32)
        received = student.tool("activation_values", FunctionName("get_activation"), name, z)
        values, wide = expect.array(received, z.shape, f"{what}(z)"), z.astype(np.float64)
        expected = KNOWN[name].function(wide)
        if not near(values, expected):
            worst = np.unravel_index(np.argmax(np.abs(values - expected)), z.shape)
            raise Mismatch(
                T(
                    "`{what}(z)`: for z = {z} expected {expected}, received {received}.{hint}",
                    what=what,
                    z=f"{z[worst]:.4g}",
                    expected=expect.show(float(expected[worst])),
                    received=expect.show(float(values[worst])),
                    hint=_activation_hint(name, wide, values),
                )
            )


def _expect_refusal(student: Student, function: str, name: str, known: str) -> None:
    """ValueError for an unknown name, with that name in its message."""
    expect.raises(student, "ValueError", function, name, answering=(known,))
    try:
        student.call(function, name)
    except Unanswered as unanswered:
        if name not in unanswered.text.render(str):
            raise Mismatch(
                T(
                    'The message of the ValueError for `{function}("{name}")` should say which name came.',
                    function=function,
                    name=name,
                )
            ) from unanswered


@check(exercise="1", points=1)
def check_unknown_activation(student: Student, rng: Generator) -> None:
    """get_activation raises ValueError for a name that is not one of the nine, and says which."""
    for name in (str(rng.choice(UNKNOWN_ACTIVATIONS)), f"activación_{rng.integers(100, 1000)}"):
        _expect_refusal(student, "get_activation", name, "relu")


@check(exercise="1", points=1)
def check_unknown_scheme(student: Student, rng: Generator) -> None:
    """get_initializer raises ValueError for a scheme that is not one of the four, and says which."""
    for name in (str(rng.choice(UNKNOWN_SCHEMES)), f"regla_{rng.integers(100, 1000)}"):
        _expect_refusal(student, "get_initializer", name, "he")


def _kernels(student: Student, scheme: str, shape: list[int], seeds: list[int]) -> list[list[Array]]:
    """Two kernels for each seed, from two initializers."""
    what = f'get_initializer("{scheme}")'
    given = student.call("get_initializer", scheme)
    if given is None:
        raise Mismatch(T("`{what}` should return an initializer; received None. Is a `return` missing?", what=what))
    received = student.tool("seeded_kernels", FunctionName("get_initializer"), scheme, shape, seeds)
    pairs = [expect.sequence(pair, 2, what) for pair in expect.sequence(received, len(seeds), what)]
    return [[expect.array(kernel, tuple(shape), what) for kernel in pair] for pair in pairs]


@check(exercise="1", points=4)
def check_initializers(student: Student, rng: Generator) -> None:
    """get_initializer draws by Glorot uniform, He uniform, LeCun normal and PyTorch's default."""
    for scheme in rng.permutation(list(SCHEMES)).tolist():
        fans = [int(rng.integers(60, 110)), int(rng.integers(160, 260))]
        shape = fans if rng.random() < 0.5 else fans[::-1]
        ((kernel, _),) = _kernels(student, scheme, shape, [int(rng.integers(2**31))])
        expect_scheme(kernel, scheme, Text(f'get_initializer("{scheme}")'), comparisons=len(SCHEMES))


@check(exercise="1", points=2)
def check_initializers_follow_the_seed(student: Student, rng: Generator) -> None:
    """get_initializer gives a new initializer each time, whose draws the global seed decides."""
    for scheme in rng.permutation(list(SCHEMES)).tolist():
        seed, other = rng.choice(2**31, 2, replace=False).tolist()
        first, again, different = _kernels(student, scheme, [20, 30], [seed, seed, other])
        if any(np.array_equal(a, b) for a, b in (first, again, different)):
            raise Mismatch(
                T(
                    '`get_initializer("{scheme}")`: two calls drew the same kernel. Make a new initializer in each '
                    "call, without a seed of its own: two layers would start as twins.",
                    scheme=scheme,
                )
            )
        if not np.array_equal(first[0], again[0]):
            raise Mismatch(
                T(
                    '`get_initializer("{scheme}")`: after the same keras.utils.set_random_seed it drew other numbers.',
                    scheme=scheme,
                )
            )
        if np.array_equal(first[0], different[0]):
            raise Mismatch(
                T(
                    '`get_initializer("{scheme}")`: it draws the same numbers after any keras.utils.set_random_seed.',
                    scheme=scheme,
                )
            )


def _built(
    student: Student, activation: str, scheme: str, *arguments: Any, sizes: list[int]
) -> tuple[ModelFacts, network.Layers, str]:
    what = f'build_pair("{activation}", "{scheme}"{"".join(f", {each}" for each in arguments)})'
    model = expect.model(student.call("build_pair", activation, scheme, *arguments), what)
    return model, layers_of([array for layer in model.layers for array in layer.weights], sizes, what), what


@check(exercise="1", points=3)
def check_pair(student: Student, rng: Generator) -> None:
    """build_pair stacks the layers it is asked for, with their activation and a softmax at the end."""
    for activation in rng.permutation(["relu", "tanh", "sigmoid", "elu"])[:2].tolist():
        scheme, units, inputs = (
            str(rng.choice(list(SCHEMES))),
            rng.integers(5, 40, 4).tolist(),
            int(rng.integers(3, 30)),
        )
        model, layers, what = _built(student, activation, scheme, units, inputs, sizes=[inputs, *units])
        x = rng.normal(size=(8, inputs)).astype(np.float32)
        received = expect.array(student.tool("predict", model, x), (8, units[-1]), f"{what}(x)")
        hint = T(" Hidden layers: the activation asked for. Last layer: softmax.")
        expect.same(received, network.predict(layers, x, activation), f"{what}(x)", rtol=1e-4, hint=hint)
    _built(student, "relu", "he", sizes=[2, 64, 64, 2])


@check(exercise="1", points=2)
def check_pair_weights(student: Student, rng: Generator) -> None:
    """build_pair draws hidden kernels by their scheme, the last one by Keras' default, and zero biases."""
    for scheme in rng.permutation(list(SCHEMES))[:2].tolist():
        width, classes = int(rng.integers(70, 90)), int(rng.integers(20, 30))
        sizes = [width, width, width, classes]
        _, layers, what = _built(student, "tanh", scheme, sizes[1:], width, sizes=sizes)
        for index, (kernel, _) in enumerate(layers[:-1], start=1):
            expect_scheme(kernel, scheme, T("`{what}`, kernel {index}", what=what, index=index), comparisons=6)
        expect_kernel(layers[-1][0], "glorot_uniform", T("`{what}`, the last kernel", what=what), comparisons=6)
        if any(bias.any() for _, bias in layers):
            raise Mismatch(T("`{what}`: a bias does not start at zero.", what=what))
        if any(np.array_equal(a, b) for (a, _), (b, _) in combinations(layers[:-1], 2)):
            raise Mismatch(
                T(
                    "`{what}`: two layers start with the same kernel. Each layer needs an initializer of its own.",
                    what=what,
                )
            )
