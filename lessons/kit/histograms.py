"""The signal of a network layer by layer: activations on the way forward, gradients on the way back."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .plots import OTHER_COLORS


def plot_signal_histograms(activations: Sequence[ArrayLike], gradients: Sequence[ArrayLike], title: str) -> Figure:
    """Draw one column per layer: its activations above, the size of the gradients with respect to them below.

    Gradients are shown as log10 |g|, because what distinguishes layers is their order of magnitude; gradients that are
    exactly zero have none and are left out. The axes of a row have the same limits.

    Args:
        activations: one array per layer, of any shape.
        gradients: for each of them the gradient of the loss, of the same shape.
        title: of the figure.

    """
    count = len(activations)
    figure, axes = plt.subplots(2, count, figsize=(2.5 * count, 5.2), sharex="row", squeeze=False, layout="constrained")
    for number, (above, below, h, g) in enumerate(zip(*axes, activations, gradients, strict=True), start=1):
        _histogram(above, np.ravel(np.asarray(h)), OTHER_COLORS[0], "activación")
        _histogram(below, _orders(g), OTHER_COLORS[1], "log₁₀ |gradiente|")
        above.set_title(f"Capa {number}")
    for row, ylabel in zip(axes, ("ida: frecuencia", "vuelta: frecuencia"), strict=True):
        row[0].set_ylabel(ylabel)
    figure.suptitle(title)
    return figure


def _orders(gradient: ArrayLike) -> NDArray[Any]:
    sizes = np.abs(np.ravel(np.asarray(gradient, dtype=np.float64)))
    return np.log10(sizes[sizes > 0])


def _histogram(ax: Axes, values: NDArray[Any], color: str, xlabel: str) -> None:
    ax.hist(values, bins=40, color=color)
    if len(values):
        median = float(np.median(values))
        ax.axvline(median, color="black", linestyle="--", linewidth=1, label=f"mediana {median:.2g}")
        ax.legend(loc="upper left", fontsize="small", frameon=False)
    ax.set(xlabel=xlabel, yticks=[])
