"""Comparisons that raise a :class:`~grader.judge.check.Mismatch` with a message: what was expected, what came, a hint.

What is compared came from a worker, so every function first looks at the type: nothing a student returns may make a
check fall over.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from grader.arrays import Array
from grader.judge.check import Mismatch, Student, Unanswered
from grader.language import visible
from grader.language.messages import T, Text
from grader.wire.values import FigureFacts, ModelFacts, Opaque

MAX_SHOWN, MAX_SHOWN_DEPTH = 160, 3

Hints = Iterable[tuple[float, Text]]


def show(value: Any) -> str:
    """A value as a message shows it: short, whatever it is."""
    return visible.block(" ".join(_show(value, 0).split()), MAX_SHOWN)


def _show(value: Any, depth: int) -> str:
    if isinstance(value, (list, dict)) and depth == MAX_SHOWN_DEPTH:
        return "…"
    if isinstance(value, np.ndarray):
        return f"array {tuple(value.shape)}"
    if isinstance(value, Opaque):
        return f"<{visible.block(value.type_name, 60)}>"
    if isinstance(value, (ModelFacts, FigureFacts)):
        return f"<{type(value).__name__.removesuffix('Facts')}>"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, dict):
        return (
            "{"
            + ", ".join(visible.block(repr(key), 30) for key in list(value)[:6])
            + (", …}" if len(value) > 6 else "}")
        )
    if isinstance(value, list):
        return "[" + ", ".join(_show(item, depth + 1) for item in value[:6]) + (", …]" if len(value) > 6 else "]")
    return visible.block(repr(value), 80)


def _shown(value: Any, what: str) -> dict[str, Any]:
    """What every message on a value of the wrong kind says of it."""
    hint = T(" Is a `return` missing?") if value is None else Text("")
    return {"what": what, "received": show(value), "hint": hint}


def is_number(value: Any) -> bool:
    """Whether a value is a real number that is finite; True and False are not."""
    if isinstance(value, int) and not isinstance(value, bool):
        return abs(value) < 2**63  # beyond that it does not fit a float64's company
    return isinstance(value, float) and math.isfinite(value)


def number(value: Any, what: str) -> float:
    """The value, once it is certain that it is a finite number."""
    if isinstance(value, np.ndarray) and value.shape == ():
        value = value.item()
    if not is_number(value):
        raise Mismatch(T("`{what}` should be a finite number; received {received}.{hint}", **_shown(value, what)))
    return float(value)


def close(value: Any, expected: float, what: str, *, rtol: float = 1e-4, hints: Hints = ()) -> None:
    """A number equal to ``expected`` up to ``rtol``; ``hints`` name the misconception behind a known wrong value."""
    received = number(value, what)
    if math.isclose(received, expected, rel_tol=rtol, abs_tol=1e-9):
        return
    hint = next((text for wrong, text in hints if math.isclose(received, wrong, rel_tol=rtol)), Text(""))
    raise Mismatch(
        T(
            "`{what}`: expected {expected}, received {received}.{hint}",
            what=what,
            expected=show(expected),
            received=show(received),
            hint=hint,
        )
    )


def sequence(value: Any, length: int, what: str) -> list[Any]:
    """A list (or tuple, or one-dimensional array) of the given length."""
    if isinstance(value, np.ndarray) and value.ndim == 1:
        value = value.tolist()
    if not isinstance(value, list):
        raise Mismatch(T("`{what}` should return a list; received {received}.{hint}", **_shown(value, what)))
    if len(value) != length:
        raise Mismatch(
            T(
                "`{what}` should have {length} elements; it has {received}.",
                what=what,
                length=length,
                received=len(value),
            )
        )
    return value


def mapping(value: Any, keys: Sequence[str | int], what: str) -> dict[Any, Any]:
    """A dict with at least the given keys."""
    if not isinstance(value, dict):
        raise Mismatch(T("`{what}` should return a dict; received {received}.{hint}", **_shown(value, what)))
    missing = [key for key in keys if key not in value]
    if missing:
        raise Mismatch(
            T(
                "`{what}` lacks {missing}; it has {received}.",
                what=what,
                missing=", ".join(map(repr, missing)),
                received=show(value),
            )
        )
    return value


def array(value: Any, shape: tuple[int, ...] | None, what: str) -> Array:
    """A numeric array of the given shape (any shape if None) without NaN or infinities, as float64."""
    if isinstance(value, list) and value and all(is_number(item) for item in value):
        value = np.array(value)
    if not isinstance(value, np.ndarray) or value.dtype.kind not in "fiu":
        raise Mismatch(T("`{what}` should be an array of numbers; received {received}.{hint}", **_shown(value, what)))
    if shape is not None and value.shape != shape:
        raise Mismatch(
            T(
                "`{what}` should have shape {expected}; it has {received}.",
                what=what,
                expected=shape,
                received=tuple(value.shape),
            )
        )
    if not np.isfinite(value).all():
        raise Mismatch(T("`{what}` contains NaN or infinity.", what=what))
    return value.astype(np.float64)


def arrays(value: Any, what: str) -> list[Array]:
    """A list of numeric arrays of any shape, not empty."""
    if not isinstance(value, list) or not value:
        raise Mismatch(T("`{what}` should return a list of arrays; received {received}.{hint}", **_shown(value, what)))
    return [array(item, None, f"{what}[{index}]") for index, item in enumerate(value)]


def weights(values: Any, sizes: Sequence[int], what: str) -> list[Array]:
    """A dense network's arrays in ``get_weights()`` order, once they have the shapes that go with ``sizes``."""
    found = [array(value, None, what) for value in values] if isinstance(values, list) else []
    expected = [shape for pair in pairwise(sizes) for shape in (pair, pair[1:])]
    received = [each.shape for each in found]
    if received != expected:
        raise Mismatch(
            T(
                "`{what}`: expected weights of shapes {expected}, received {received}.{hint}",
                what=what,
                expected=expected,
                received=received,
                hint="" if received else T(" It has none yet: begin with keras.Input, or call the model once."),
            )
        )
    return found


def same(received: Array, expected: Array, what: str, *, rtol: float = 1e-3, hint: Text | None = None) -> None:
    """Arrays of one shape, equal up to float32 rounding relative to their scale."""
    gap = float(np.abs(received - expected).max()) if expected.size else 0.0
    tolerance = rtol * (float(np.abs(expected).max()) if expected.size else 1.0) + 1e-6
    if not (math.isfinite(tolerance) and gap <= tolerance):
        raise Mismatch(
            T(
                "`{what}` is not what it should be: the largest difference is {gap}.{hint}",
                what=what,
                gap=f"{gap:.3g}",
                hint=hint or Text(""),
            )
        )


def figure(value: Any, what: str) -> FigureFacts:
    """A matplotlib figure that can be drawn."""
    if not isinstance(value, FigureFacts):
        raise Mismatch(
            T("`{what}` should return a matplotlib Figure; received {received}.{hint}", **_shown(value, what))
        )
    if value.trouble:
        raise Mismatch(
            T(
                "`{what}`: Matplotlib cannot draw the figure: {trouble}",
                what=what,
                trouble=visible.block(value.trouble, MAX_SHOWN),
            )
        )
    return value


def words(figure: FigureFacts, what: str, *, title: bool = True) -> None:
    """A title, a name for the horizontal axis and one for the vertical one stand on the axes or beside them."""
    parts = [
        (T("title"), not title or any(axes.title for axes in figure.axes)),
        (T("name of the horizontal axis"), any(axes.xlabel for axes in figure.axes)),
        (T("name of the vertical axis"), any(axes.ylabel for axes in figure.axes)),
    ]
    missing = [part for part, is_there in parts if not is_there]
    if len(missing) > len(figure.texts):
        raise Mismatch(T("`{what}`: the figure lacks this: {part}.", what=what, part=missing[len(figure.texts)]))


def model(value: Any, what: str) -> ModelFacts:
    """A Keras model."""
    if not isinstance(value, ModelFacts):
        raise Mismatch(T("`{what}` should return a Keras model; received {received}.{hint}", **_shown(value, what)))
    return value


def raises(student: Student, error: str, function: str, *args: Any, answering: Sequence[Any]) -> None:
    """Calling the student's function with these arguments raises ``error``; with ``answering`` it gives an answer.

    ``error`` is one of Python's own exceptions; a class derived from it will do, one that is only called so will not.
    """
    answer = student.call(function, *answering)
    if answer is None:
        shown = ", ".join(map(show, answering))
        raise Mismatch(T("`{function}({arguments})` should return a value.", function=function, arguments=shown))
    try:
        value = student.call(function, *args)
    except Unanswered as unanswered:
        if error in unanswered.errors:
            return
        raise
    shown = ", ".join(show(argument) for argument in args)
    raise Mismatch(
        T(
            "`{function}({arguments})` should raise {error}; it returned {received}.",
            function=function,
            arguments=shown,
            error=error,
            received=show(value),
        )
    )
