"""What the checks of lesson 107 ask of a figure: pictures, lines and bars with the right numbers, and words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from data.fashion_mnist import CLASS_NAMES
from grader.arrays import Array
from grader.judge import plots
from grader.judge.check import Mismatch
from grader.language import visible
from grader.language.messages import T, Text
from grader.wire.values import AxesFacts, FigureFacts, LineFacts

SIDE, MAX_SHOWN = 28, 100


class Place(NamedTuple):
    """A line, and the axes on which it stands."""

    number: int
    axes: AxesFacts
    line: LineFacts


def expect_picture(figure: FigureFacts, images: Array, index: int, what: str) -> AxesFacts:
    """The axes that show ``images[index]`` upright, in whatever colours."""
    shown = [(axes, picture) for axes in figure.axes for picture in axes.pictures]
    square = [(axes, picture) for axes, picture in shown if picture.pixels.shape == (SIDE, SIDE)]
    if not square:
        raise Mismatch(
            T(
                "`{what}`: expected an image of {side} × {side} drawn with imshow; received {received}.",
                what=what,
                side=SIDE,
                received=", ".join(str(picture.pixels.shape) for _, picture in shown) or "—",
            )
        )
    wanted = images[index].reshape(SIDE, SIDE)
    right = [(axes, picture) for axes, picture in square if _alike(picture.pixels, wanted)]
    for picture in plots.seen([picture for _, picture in right], what):
        return next(axes for axes, each in right if each is picture)
    raise Mismatch(
        T(
            "`{what}`: the picture is not images[{index}].{hint}",
            what=what,
            index=index,
            hint=_hint(square[0][1].pixels, images, index),
        )
    )


def _alike(picture: Array, wanted: Array) -> bool:
    """Whether two pictures are the same up to brightness and contrast, inverted ones included."""
    if not np.isfinite(picture).all() or not picture.std() > 0:
        return False
    return abs(float(np.corrcoef(picture.ravel(), wanted.ravel())[0, 1])) > 0.999


def _hint(picture: Array, images: Array, index: int) -> Text:
    others = [i for i in range(len(images)) if i != index and _alike(picture, images[i].reshape(SIDE, SIDE))]
    if others:
        return T(" It is images[{other}]: use the argument `index`.", other=others[0])
    wanted = images[index].reshape(SIDE, SIDE)
    if _alike(picture, wanted.T):
        return T(" Rows and columns are swapped: reshape({side}, {side}) without transposing.", side=SIDE)
    if _alike(picture, wanted[::-1]):
        return T(" It is upside down.")
    return Text("")


def expect_class_name(texts: Sequence[str], label: int, what: str, where: Text, also: Sequence[int] = ()) -> None:
    """Among ``texts`` the name of the class stands, and of the others at most those of ``also``."""
    written = " ".join(texts).casefold()
    named = {number for number, name in enumerate(CLASS_NAMES) if name.casefold() in written}
    if label in named and named <= {label, *also}:
        return
    hint = Text("")
    if not named and str(label) in written:
        hint = T(" The number of a class is not its name: kit.CLASS_NAMES has the names.")
    raise Mismatch(
        T(
            "`{what}`: {where} should contain “{expected}” and no other class; it is “{received}”.{hint}",
            what=what,
            where=where,
            expected=CLASS_NAMES[label],
            received=visible.block(" ".join(texts), MAX_SHOWN),
            hint=hint,
        )
    )


def values_of(line: LineFacts, values: Sequence[float], scale: float = 1.0) -> bool:
    """Whether a line shows these values, in this order."""
    return len(line.y) == len(values) and bool(np.allclose(line.y, np.multiply(values, scale), rtol=1e-4, atol=1e-7))


def lines_of(figure: FigureFacts, values: Sequence[float], what: str, scales: Sequence[float] = (1.0,)) -> list[Place]:
    """The lines that show these values, times one of the scales, and that can be seen; with their axes' numbers."""
    found = [
        Place(number, axes, line)
        for number, axes in enumerate(figure.axes)
        for line in axes.lines
        if any(values_of(line, values, scale) for scale in scales)
    ]
    shown = plots.seen([place.line for place in found], what)
    return [place for place in found if any(place.line is line for line in shown)]


def expect_label(axes: AxesFacts, line: LineFacts, name: str, what: str) -> None:
    """The line's label contains the name and stands in a legend."""
    if name.casefold() not in line.label.casefold() or line.label not in axes.legend:
        raise Mismatch(
            T(
                "`{what}`: the line of {name} should have a label that contains its name, in the legend; its label is "
                "“{received}”. Call legend() on each axes.",
                what=what,
                name=name,
                received=visible.block(line.label, MAX_SHOWN),
            )
        )
