"""Figures of lesson 109: functions with their derivatives, points in the plane, and means with their intervals."""

from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import Any, Literal

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike, NDArray

from .dataset import Dataset
from .intervals import mean_interval
from .plots import MARKERS, OTHER_COLORS

Values = NDArray[Any]
CLASS_COLORS = ("#0072B2", "#D55E00")
CLASS_MARKERS = ("o", "^")


def plot_functions(z: Values, functions: Mapping[str, tuple[Values, Values]], title: str) -> Figure:
    """Draw functions and their derivatives, one panel per function, three in a row.

    Args:
        z: the arguments, shape (n,).
        functions: for each name the values f(z) and the derivatives f'(z), both of shape (n,).
        title: of the figure.

    """
    rows = -(-len(functions) // 3)
    figure, axes = plt.subplots(rows, 3, figsize=(12, 2.9 * rows), squeeze=False, layout="constrained")
    for ax, (name, (values, slopes)) in zip(axes.flat, functions.items(), strict=False):
        ax.plot(z, values, color=OTHER_COLORS[0], label="f(z)")
        ax.plot(z, slopes, color=OTHER_COLORS[1], linestyle="--", label="f′(z)")
        ax.set(title=name, xlabel="z", ylim=(-2, 3.1))
        ax.grid(alpha=0.3)
        ax.legend(loc="upper left")
    for ax in list(axes.flat)[len(functions) :]:
        ax.set_axis_off()
    figure.suptitle(title)
    return figure


def plot_points(datasets: Mapping[str, Dataset], title: str) -> Figure:
    """Draw the training points of data sets in the plane, one panel each, a colour and a marker per class."""
    figure, axes = plt.subplots(
        1, len(datasets), figsize=(5.2 * len(datasets), 4.4), squeeze=False, layout="constrained"
    )
    for ax, (name, data) in zip(axes[0], datasets.items(), strict=True):
        _scatter(ax, data.x_train, data.y_train)
        ax.set_title(name)
        ax.legend()
    figure.suptitle(title)
    return figure


def plot_regions(classifiers: Mapping[str, Callable[[Values], Any]], data: Dataset, title: str) -> Figure:
    """Draw what classifiers answer in the plane, with the validation points on top, one panel each.

    Args:
        classifiers: functions from points of shape (n, 2) to class probabilities of shape (n, 2), by name.
        data: points with two coordinates and classes 0 and 1.
        title: of the figure.

    """
    figure, axes = plt.subplots(
        1, len(classifiers), figsize=(4.1 * len(classifiers), 4), squeeze=False, layout="constrained"
    )
    low, high = data.x_val.min(axis=0) - 0.3, data.x_val.max(axis=0) + 0.3
    across, up = np.meshgrid(np.linspace(low[0], high[0], 120), np.linspace(low[1], high[1], 120))
    grid = np.stack([across.ravel(), up.ravel()], axis=1).astype(np.float32)  # (14400, 2)
    for ax, (name, classify) in zip(axes[0], classifiers.items(), strict=True):
        probability = np.asarray(classify(grid))[:, 1].reshape(across.shape)
        shades = ax.contourf(across, up, probability, levels=np.linspace(0, 1, 11), cmap="coolwarm", alpha=0.7)
        ax.contour(across, up, probability, levels=[0.5], colors="black", linewidths=1.5)
        _scatter(ax, data.x_val, data.y_val, size=26)
        ax.set_title(name)
    axes[0, 0].legend(loc="upper right")
    figure.colorbar(shades, ax=axes[0].tolist(), label="probabilidad de la clase 1")
    figure.suptitle(title)
    return figure


def plot_bands(
    series: Mapping[str, ArrayLike],
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    x: Sequence[float] | None = None,
    xscale: Literal["linear", "log"] = "linear",
    yscale: Literal["linear", "log"] = "linear",
    reference: float | None = None,
) -> Figure:
    """Draw the mean of each series with the 95 % interval of the mean as a band.

    Args:
        series: values of shape (S, T) by the name of the line: S independent runs, T points.
        title: of the figure.
        xlabel: what the points are.
        ylabel: what the values are.
        x: the T abscissas; 1, 2, ... T when left out.
        xscale: of the horizontal axis.
        yscale: of the vertical axis.
        reference: when given, a dashed horizontal line at this value.

    """
    figure, ax = plt.subplots(figsize=(9, 4.4), layout="constrained")
    for (name, values), color, marker in zip(series.items(), cycle(OTHER_COLORS), cycle(MARKERS), strict=False):
        intervals = [mean_interval(column) for column in np.asarray(values).T]
        mean, half = (np.array(part) for part in zip(*intervals, strict=True))
        points = range(1, len(mean) + 1) if x is None else x
        ax.plot(points, mean, color=color, marker=marker, markersize=4, label=name)
        ax.fill_between(points, mean - half, mean + half, color=color, alpha=0.2, linewidth=0)
    if reference is not None:
        ax.axhline(reference, color="black", linestyle="--", linewidth=1, label=f"referencia: {reference:.3g}")
    ax.set(title=title, xlabel=xlabel, ylabel=ylabel, xscale=xscale, yscale=yscale)
    if x is None:
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(alpha=0.3)
    ax.spines[["top", "right"]].set_visible(False)
    ax.legend(title="media e intervalo del 95 %", loc="upper left", bbox_to_anchor=(1.01, 1))
    return figure


def _scatter(ax: Axes, points: Values, labels: Values, size: float = 18) -> None:
    for label, (color, marker) in enumerate(zip(CLASS_COLORS, CLASS_MARKERS, strict=True)):
        chosen = points[labels == label]
        style: dict[str, Any] = {"s": size, "color": color, "marker": marker, "edgecolors": "white", "linewidths": 0.3}
        ax.scatter(chosen[:, 0], chosen[:, 1], label=f"clase {label}", **style)
    ax.set(xlabel="primera coordenada", ylabel="segunda coordenada")
