"""A class whose work is quickly graded: functions of exercise 1 only, right or with a typical mistake each.

For tests and measurements of the batch itself; what counts there is that the submissions differ, not what they teach.
"""

from __future__ import annotations

import json
from pathlib import Path

LESSON = "108_initialization"
HEAD = "import math\n"
FANS = """
def compute_fans(kernel_shape):
    *window, inputs, outputs = kernel_shape
    field = math.prod(window)
    return field * inputs, field * outputs
"""
VARIANCE = """
def theoretical_variance(name, fan_in, fan_out):
    scheme, _, form = name.partition("_")
    if scheme not in ("glorot", "he", "lecun") or form not in ("uniform", "normal"):
        raise ValueError(name)
    return {"glorot": 2 / (fan_in + fan_out), "he": 2 / fan_in, "lecun": 1 / fan_in}[scheme]
"""
LIMIT = """
def uniform_limit(name, fan_in, fan_out):
    if not name.endswith("_uniform"):
        raise ValueError(name)
    return math.sqrt(3 * theoretical_variance(name, fan_in, fan_out))
"""
KERNEL = """
def inspect_default_kernel(units, input_dim, seed):
    import keras
    import numpy as np

    keras.utils.set_random_seed(seed)
    layer = keras.layers.Dense(units)
    layer.build((None, input_dim))
    kernel = np.array(layer.kernel)
    theory = theoretical_variance("glorot_uniform", input_dim, units)
    return {"kernel": kernel, "empirical_variance": float(kernel.var()), "theoretical_variance": theory}
"""
RIGHT = HEAD + FANS + VARIANCE + LIMIT + KERNEL
WORKS = {
    "right": RIGHT,
    "swapped": RIGHT.replace("field * inputs, field * outputs", "field * outputs, field * inputs"),
    "no window": RIGHT.replace("field = math.prod(window)", "field = 1"),
    "he is lecun": RIGHT.replace('"he": 2 / fan_in', '"he": 1 / fan_in'),
    "no square root": RIGHT.replace("math.sqrt(3 *", "float(3 *"),
    "any name": RIGHT.replace("raise ValueError(name)", "return 0.1"),
    "raises": RIGHT.replace("field = math.prod(window)", "field = window[0] / 0"),
    "exits": RIGHT.replace('scheme, _, form = name.partition("_")', "import os; os._exit(3)"),
    "one seed": RIGHT.replace("set_random_seed(seed)", "set_random_seed(1)"),
    "no seed": RIGHT.replace("    keras.utils.set_random_seed(seed)\n", "    keras.utils.set_random_seed(8)\n"),
    "slow": RIGHT.replace("field = math.prod(window)", "field = math.prod(window); sum(range(5_000_000))"),
    "half": HEAD + FANS + VARIANCE,
    "nothing": "# solo un comentario\n",
}


def notebook(source: str, padding: str = "") -> bytes:
    """A notebook with the source in one cell; ``padding`` makes it another one."""
    cells = [
        {"cell_type": kind, "metadata": {}, "source": text} for kind, text in (("markdown", padding), ("code", source))
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def write_class(folder: Path, names: list[str] | None = None) -> Path:
    """A folder for each of these works, or for all, with a notebook in it."""
    for name in names or WORKS:
        place = folder / name.replace(" ", "_")
        place.mkdir(parents=True)
        (place / f"{LESSON}.ipynb").write_bytes(notebook(WORKS[name]))
    return folder
