"""The signal of a network layer by layer: activations on the way forward, gradients on the way back."""

from collections.abc import Sequence
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike, NDArray

from .plots import OTHER_COLORS

RARE = 0.002  # share of the gradients, the smallest ones, that may lie outside of the axes


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
    orders = [_orders(gradient) for gradient in gradients]
    figure, axes = plt.subplots(2, count, figsize=(2.5 * count, 5.6), sharex="row", squeeze=False, layout="constrained")
    for number, (above, below, h, g) in enumerate(zip(*axes, activations, orders, strict=True), start=1):
        _histogram(above, np.ravel(np.asarray(h)), OTHER_COLORS[0], f"Capa {number}")
        _histogram(below, g, OTHER_COLORS[1], f"Capa {number}")
        above.set(xlabel="activación", yscale="log")
        below.set(xlabel="log₁₀ |gradiente|")
    seen = np.concatenate(orders)
    if len(seen):
        axes[1, 0].set_xlim(np.quantile(seen, RARE) - 0.5, seen.max() + 0.5)
    for row, ylabel in zip(axes, ("ida: frecuencia (log)", "vuelta: frecuencia"), strict=True):
        row[0].set_ylabel(ylabel)
    figure.suptitle(title)
    return figure


def _orders(gradient: ArrayLike) -> NDArray[Any]:
    sizes = np.abs(np.ravel(np.asarray(gradient, dtype=np.float64)))
    return np.log10(sizes[sizes > 0])


def _histogram(ax: Axes, values: NDArray[Any], color: str, title: str) -> None:
    ax.hist(values, bins=40, color=color)
    ax.set(title=title, yticks=[])
    if len(values):
        median = float(np.median(values))
        ax.axvline(median, color="black", linestyle="--", linewidth=1)
        ax.set_title(f"{title}\nmediana {median:.2g}", fontsize="medium")
