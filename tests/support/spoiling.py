"""Answers that are right but for one part: what a check must survive."""

import math

import msgspec
import numpy as np

from grader.wire.values import FigureFacts, Handle, ModelFacts, Opaque

EXTREMES = [
    *(1e308, -1e308, math.nan, math.inf, -1, 0, 0.5, 2**64 - 1, -(2**63), True, None, "", "he_normal", b"x", [], {}),
    *([1e308] * 3, [None], [[[]]], {"kernel": 1}, Opaque("x"), Handle(-1), FigureFacts([]), ModelFacts(-1, [])),
    *(
        np.zeros(()),
        np.zeros(0),
        np.zeros((2, 0)),
        np.array([True]),
        np.array([1e308, -1e308]),
        np.ones((2, 2), "float16"),
    ),
]
NUMBERS = [0.0, 1.0, -1.0, 1e-300, 3e38, -3e38, 1e308, -1e308, math.nan, math.inf, -math.inf]


def spoiled(value, choice):
    """The value with one of its parts replaced, at any depth; ``choice`` decides which."""
    if isinstance(value, list) and value and choice.random() < 0.8:
        index = choice.randrange(len(value))
        return [spoiled(item, choice) if i == index else item for i, item in enumerate(value)]
    if isinstance(value, dict) and value and choice.random() < 0.8:
        key = choice.choice(list(value))
        return {each: spoiled(item, choice) if each == key else item for each, item in value.items()}
    if isinstance(value, msgspec.Struct) and choice.random() < 0.9:
        return spoiled_fact(value, choice)
    if isinstance(value, np.ndarray) and value.size and choice.random() < 0.8:
        return spoiled_array(value, choice)
    return choice.choice(EXTREMES)


def spoiled_fact(fact, choice):
    """A fact with an item of one of its lists spoiled, of the field's type: another one would not have been decoded."""
    names = [name for name in fact.__struct_fields__ if isinstance(getattr(fact, name), list) and getattr(fact, name)]
    if not names:
        return fact
    name = choice.choice(names)
    items = list(getattr(fact, name))
    index = choice.randrange(len(items))
    if isinstance(items[index], msgspec.Struct):
        items[index] = spoiled_fact(items[index], choice)
    elif isinstance(items[index], float):
        items[index] = choice.choice(NUMBERS)
    elif isinstance(items[index], str):
        items[index] = choice.choice(["", "_key", "x", "\x1b[2J"])
    else:
        items[index] = spoiled(items[index], choice)
    return msgspec.structs.replace(fact, **{name: items})


def spoiled_array(array, choice):
    """An array of the same shape in which one number, or all of them, are extreme."""
    changed = np.array(array, np.float64)
    number = choice.choice(NUMBERS)
    if choice.random() < 0.5:
        changed[...] = number
    else:
        changed.flat[choice.randrange(array.size)] = number
    with np.errstate(all="ignore"):
        return changed.astype(choice.choice(["float32", "float64", "float64", "float16", "int64", "bool"]))
