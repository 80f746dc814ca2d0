"""Exercise 4: a product of derivatives, and what is left of a network without activations."""

from __future__ import annotations

import math
from functools import reduce
from itertools import pairwise

import numpy as np

from grader.arrays import Array
from grader.checks.lesson_109_activations.propagation import backward_factor, forward_factor
from grader.checks.lesson_109_activations.recipes import SCHEMES
from grader.judge import expect
from grader.judge.check import Mismatch, Student, check
from grader.language.messages import T, Text
from grader.randomness import Generator

FUNCTION = "backward_factor"
SEEDS, DRAWS = 3, 6
# The logarithm of one factor has a standard deviation of 0.078 where it scatters most (300 draws of ReLU and
# torch_default, six layers of 96), and of 0.04 or less without ReLU. 0.36 is 6.5 standard deviations of the difference
# between a mean of three and a mean of six.
TOLERANCE = 0.36


def _cases(rng: Generator) -> list[tuple[str, str, int, int]]:
    """Sigmoid, which shrinks each step by a factor of four; a steep one; and one with half of its slopes zero."""
    activations = ["sigmoid", str(rng.choice(["tanh", "elu", "selu"])), str(rng.choice(["relu", "leaky_relu"]))]
    schemes = [str(rng.choice(list(SCHEMES))), str(rng.choice(["he", "torch_default"])), "torch_default"]
    return [
        (activation, scheme, int(rng.integers(4, 7)), int(rng.integers(96, 161)))
        for activation, scheme in zip(activations, schemes, strict=True)
    ]


def _hint(received: float, case: tuple[str, str, int, int], rng: Generator) -> Text:
    """Which other quantity has this logarithm, if one stands out."""
    activation, scheme, depth, width = case
    name = SCHEMES[scheme]
    right = math.log(backward_factor(activation, name, depth, width, rng))
    others = [
        (-right, T(" Your factor is upside down: the first layer's gradient over the last one's.")),
        (2 * right, T(" Your value is a ratio of mean squares; rms takes the root.")),
        (
            math.log(backward_factor(activation, name, depth - 1, width, rng)),
            T(" Your value is that of {depth} layers: go back to the input of the first one.", depth=depth - 1),
        ),
        (
            math.log(backward_factor("linear", name, depth, width, rng)),
            T(" Your value has no derivatives in it, only the kernels."),
        ),
        (
            math.log(forward_factor(activation, name, depth, width, rng)),
            T(" Your value is that of the signal on its way forward."),
        ),
    ]
    near = [text for wrong, text in others if abs(received - wrong) < TOLERANCE / 2]
    return near[0] if len(near) == 1 else Text("")


@check(exercise="4", points=6)
def check_backward_factor(student: Student, rng: Generator) -> None:
    """backward_factor gives the size of the gradient before the first layer relative to that after the last one."""
    for case in _cases(rng):
        activation, scheme, depth, width = case
        what = f'backward_factor("{activation}", "{scheme}", {depth}, {width}, …)'
        logarithms = []
        for seed in rng.choice(2**31, SEEDS, replace=False).tolist():
            factor = expect.number(student.call(FUNCTION, activation, scheme, depth, width, seed), what)
            if factor <= 0:
                raise Mismatch(
                    T("`{what}` should be positive; received {received}.", what=what, received=f"{factor:g}")
                )
            logarithms.append(math.log(factor))
        draws = [backward_factor(activation, SCHEMES[scheme], depth, width, rng) for _ in range(DRAWS)]
        expected, received = float(np.mean(np.log(draws))), float(np.mean(logarithms))
        if abs(received - expected) > TOLERANCE:
            raise Mismatch(
                T(
                    "`{what}`: expected about {expected}, received {received} (means over seeds).{hint}",
                    what=what,
                    expected=f"{math.exp(expected):.2g}",
                    received=f"{math.exp(received):.2g}",
                    hint=_hint(received, case, rng),
                )
            )


@check(exercise="4", points=2)
def check_factor_depends_on_the_seed(student: Student, rng: Generator) -> None:
    """backward_factor gives the same number for the same seed, and another one for another seed."""
    student.require(FUNCTION)
    seed, other, first, second = rng.choice(2**31, 4, replace=False).tolist()
    arguments = str(rng.choice(["tanh", "elu"])), "he", int(rng.integers(3, 6)), int(rng.integers(20, 40))
    student.tool("unsettle", first)
    factor = expect.number(student.call(FUNCTION, *arguments, seed), FUNCTION)
    student.tool("unsettle", second)
    again = expect.number(student.call(FUNCTION, *arguments, seed), FUNCTION)
    different = expect.number(student.call(FUNCTION, *arguments, other), FUNCTION)
    if not math.isclose(factor, again, rel_tol=1e-5):
        raise Mismatch(
            T(
                "`{function}` gave {first} and {second} for the same seed. Set the seed before everything that is "
                "drawn: inputs, kernels and the gradient at the output.",
                function=FUNCTION,
                first=f"{factor:.6g}",
                second=f"{again:.6g}",
            )
        )
    if math.isclose(factor, different, rel_tol=1e-6):
        raise Mismatch(
            T("`{function}` gave the same number for two seeds. Use the argument `seed`.", function=FUNCTION)
        )
    wider = *arguments[:3], arguments[3] + int(rng.integers(1, 20))
    if math.isclose(factor, expect.number(student.call(FUNCTION, *wider, seed), FUNCTION), rel_tol=1e-6):
        raise Mismatch(
            T("`{function}` gave the same number for two widths. Use the argument `width`.", function=FUNCTION)
        )


@check(exercise="4", points=5)
def check_collapse(student: Student, rng: Generator) -> None:
    """collapse_linear multiplies the kernels of a network without activations into one matrix."""
    width = int(rng.integers(4, 9))
    lists = [
        rng.choice(np.arange(3, 15), 4, replace=False).tolist(),
        [width] * int(rng.integers(4, 7)),
        rng.choice(np.arange(3, 15), 2, replace=False).tolist(),
    ]
    for sizes in rng.permutation(np.array(lists, dtype=object)).tolist():
        kernels = [(rng.normal(size=shape) / math.sqrt(shape[0])).astype(np.float32) for shape in pairwise(sizes)]
        what = f"collapse_linear({len(kernels)} kernels, {' → '.join(map(str, sizes))})"
        expected = reduce(np.matmul, [kernel.astype(np.float64) for kernel in kernels])
        received = expect.array(student.call("collapse_linear", kernels), None, what)
        if received.shape != expected.shape:
            raise Mismatch(
                T(
                    "`{what}` should have shape {expected}; it has {received}.{hint}",
                    what=what,
                    expected=expected.shape,
                    received=received.shape,
                    hint=_collapse_hint(received, kernels),
                )
            )
        expect.same(received, expected, what, rtol=1e-4, hint=_collapse_hint(received, kernels))


def _collapse_hint(received: Array, kernels: list[Array]) -> Text:
    """Which other product it is."""
    product = reduce(np.matmul, kernels)
    square = len({size for kernel in kernels for size in kernel.shape}) == 1
    others = [(product.T, T(" It is transposed: a kernel is applied as x @ kernel."))]
    if square:
        others.append((reduce(np.matmul, kernels[::-1]), T(" The kernels were multiplied in reverse order.")))
        others.append(
            (reduce(np.multiply, kernels), T(" * multiplies element by element; the product of matrices is @."))
        )
        others.append((reduce(np.add, kernels), T(" The kernels were added.")))
    if len(kernels) > 1:
        others += [(kernels[0], T(" It is the first kernel alone.")), (kernels[-1], T(" It is the last kernel alone."))]
    return next(
        (text for wrong, text in others if wrong.shape == received.shape and np.allclose(wrong, received, atol=1e-4)),
        Text(""),
    )
