"""A training's history as a student returns it: its form, and whether its accuracies can have been counted."""

from __future__ import annotations

from typing import Any

from data.homework import HISTORY_KEYS
from grader.judge.check import Mismatch
from grader.judge.expect import mapping, number, sequence, show
from grader.language.messages import T

ROUNDING = 0.01  # of a count of examples, from an accuracy in float32


def expect_history(value: Any, epochs: int, what: str) -> dict[str, list[float]]:
    """Four lists of finite floats, one per epoch, accuracies in [0, 1]."""
    found = mapping(value, HISTORY_KEYS, what)
    checked = {}
    for key in HISTORY_KEYS:
        name = f'{what}["{key}"]'
        checked[key] = [number(item, name) for item in sequence(found[key], epochs, name)]
        if "accuracy" in key and not all(0 <= item <= 1 for item in checked[key]):
            raise Mismatch(
                T(
                    "`{what}` should be fractions between 0 and 1; received {received}.",
                    what=name,
                    received=show(checked[key]),
                )
            )
    return checked


def is_share(accuracy: float, count: int) -> bool:
    """Whether so many examples can give this accuracy."""
    return abs(accuracy * count - round(accuracy * count)) < ROUNDING


def expect_shares(history: dict[str, list[float]], count: int, what: str) -> None:
    """Each val_accuracy is a share of so many validation examples."""
    if not all(is_share(accuracy, count) for accuracy in history["val_accuracy"]):
        raise Mismatch(
            T(
                "`{what}`: val_accuracy is not a share of the {count} validation examples: measure it on all of "
                "data.x_val.",
                what=what,
                count=count,
            )
        )
