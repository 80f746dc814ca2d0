"""What a Matplotlib axes shows as pictures, as it is seen: the row that stands on top first, the left column first."""

from __future__ import annotations

from typing import Any

import numpy as np

from grader.arrays import Array

MAX_PICTURES = 4
MAX_PIXELS = 2**20


def pictures_in(axes: Any) -> list[tuple[Any, Array]]:
    """What ``imshow``, ``matshow``, ``pcolormesh`` and their kin drew, with grey pixels ``(rows, columns)``."""
    found = [(image, _of_image(axes, image)) for image in axes.images]
    found += [(mesh, _of_mesh(axes, mesh)) for mesh in axes.collections if hasattr(mesh, "get_coordinates")]
    return [each for each in found if each[1].ndim == 2 and 0 < each[1].size <= MAX_PIXELS][:MAX_PICTURES]


def _of_image(axes: Any, image: Any) -> Array:
    left, right, bottom, top = image.get_extent()
    if image.origin == "lower":
        bottom, top = top, bottom
    return _as_seen(axes, _grey(image.get_array()), right - left, top - bottom)


def _of_mesh(axes: Any, mesh: Any) -> Array:
    corners, pixels = np.asarray(mesh.get_coordinates()), _grey(mesh.get_array())
    (left, first), (right, last) = corners[0, 0], corners[-1, -1]
    return _as_seen(axes, pixels, right - left, first - last)


def _grey(pixels: Any) -> Array:
    """Colours as their mean; masked pixels as what lies below the mask."""
    array = np.asarray(np.ma.getdata(pixels), np.float32)
    return np.asarray(array[..., :3].mean(axis=-1)) if array.ndim == 3 else array


def _as_seen(axes: Any, pixels: Array, rightward: float, upward: float) -> Array:
    """The pixels, mirrored where the axes show them so.

    Args:
        axes: where they are drawn.
        pixels: as they were given.
        rightward: by how much x grows from the first column to the last.
        upward: by how much y grows from the last row to the first.

    """
    (left, right), (bottom, top) = axes.get_xlim(), axes.get_ylim()
    if rightward * (right - left) < 0:
        pixels = pixels[:, ::-1]
    return pixels[::-1] if upward * (top - bottom) < 0 else pixels
