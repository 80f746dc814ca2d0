"""Figures that the lessons share: one colour per initializer, readable in grey and by colour-blind students.

Every function returns a Matplotlib figure and leaves pyplot's settings alone.
"""

from collections.abc import Mapping, Sequence
from itertools import cycle
from types import MappingProxyType
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from .homework import HOMEWORK

# Okabe and Ito's palette, chosen to be told apart by people with any common colour vision.
COLORS = MappingProxyType(
    {
        "glorot_uniform": "#0072B2",
        "glorot_normal": "#56B4E9",
        "he_uniform": "#009E73",
        "he_normal": "#D55E00",
        "lecun_uniform": "#F0E442",
        "lecun_normal": "#CC79A7",
        "random_normal": "#4D4D4D",
    }
)
OTHER_COLORS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#4D4D4D")
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def color_of(initializer: str) -> str:
    """Return the colour that stands for an initializer in every figure of the course."""
    return COLORS.get(initializer, "#E69F00")


def plot_distributions(samples: Mapping[str, NDArray[Any]], title: str, xlabel: str) -> Figure:
    """Draw one histogram per sample, side by side, on the same axes limits.

    Args:
        samples: values of any shape, by the name that its panel gets.
        title: of the figure.
        xlabel: what the values are.

    """
    limit = max(float(np.abs(values).max()) for values in samples.values())
    figure, axes = _panels(len(samples), width=3.9, height=3.4)
    for ax, (name, values) in zip(axes, samples.items(), strict=True):
        ax.hist(values.ravel(), bins=40, density=True, color=color_of(name))
        ax.set(title=name, xlabel=xlabel, xlim=(-1.1 * limit, 1.1 * limit))
    axes[0].set_ylabel("densidad")
    figure.suptitle(title)
    return figure


def plot_layer_profile(
    series: Mapping[str, Sequence[float]], title: str, ylabel: str, *, reference: float | None = None, log: bool = True
) -> Figure:
    """Draw one line per series, a value per layer.

    Args:
        series: values for layers 1, 2, ...; by the name of the line.
        title: of the figure.
        ylabel: what the values are.
        reference: when given, a dashed horizontal line at this value.
        log: whether the vertical axis is logarithmic.

    """
    figure, (ax,) = _panels(1, width=7.5, height=4.2)
    spare = cycle(OTHER_COLORS)
    for (name, values), marker in zip(series.items(), cycle(MARKERS), strict=False):
        color = COLORS[name] if name in COLORS else next(spare)
        ax.plot(range(1, len(values) + 1), values, marker=marker, markersize=5, color=color, label=name)
    if reference is not None:
        ax.axhline(reference, color="black", linestyle="--", linewidth=1, label=f"referencia: {reference:g}")
    ax.set(title=title, xlabel="capa", ylabel=ylabel, yscale="log" if log else "linear")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return figure


def plot_accuracy(histories: Mapping[str, Mapping[str, Sequence[float]]], title: str) -> Figure:
    """Draw the validation accuracy of each training, in percent, epoch by epoch."""
    figure, (ax,) = _panels(1, width=7.5, height=4.2)
    for (name, history), marker in zip(histories.items(), cycle(MARKERS), strict=False):
        percent = 100 * np.asarray(history["val_accuracy"])
        epochs = range(1, len(percent) + 1)
        ax.plot(epochs, percent, marker=marker, markersize=5, color=color_of(name), label=name)
    ax.set(title=title, xlabel="época", ylabel="exactitud de validación (%)")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend()
    return figure


def plot_norms(norms: Mapping[str, tuple[Sequence[float], Sequence[float]]]) -> Figure:
    """Draw the Frobenius norm of each kernel before and after training, one panel per initializer.

    Args:
        norms: for each initializer the norms before and the norms after, a value per kernel.

    """
    figure, axes = _panels(len(norms), width=4.0, height=3.8, sharey=True)
    for ax, (name, (before, after)) in zip(axes, norms.items(), strict=True):
        layers = np.arange(1, len(before) + 1)
        ax.bar(layers - 0.2, before, width=0.38, color="#BBBBBB", label="antes")
        ax.bar(layers + 0.2, after, width=0.38, color=color_of(name), label="después")
        ax.set(title=name, xlabel="capa", xticks=layers)
        ax.legend()
    axes[0].set_ylabel("norma de Frobenius del kernel")
    figure.suptitle(f"Normas de los kernels antes y después de {HOMEWORK.epochs} épocas")
    return figure


def _panels(count: int, width: float, height: float, sharey: bool = False) -> tuple[Figure, list[Axes]]:
    figure, axes = plt.subplots(
        1, count, figsize=(width * count, height), sharey=sharey, squeeze=False, layout="constrained"
    )
    for ax in axes[0]:
        ax.grid(alpha=0.3)
        ax.set_axisbelow(True)
        ax.spines[["top", "right"]].set_visible(False)
    return figure, list(axes[0])
