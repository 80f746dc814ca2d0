"""What of a Matplotlib artist decides whether it is seen, asked of Matplotlib's own classes and not of a subclass."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.cm import ScalarMappable
from matplotlib.colors import to_rgba
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.transforms import Bbox
from msgspec.structs import replace

from grader.arrays import Array
from grader.wire.values import Sight
from grader.worker.rendering import FAINT, Rendering

NOTHING = ("", " ", "None", "none", None)
POINTS = 72

Ink = tuple[tuple[float, float, float, float], float]  # a colour with its opacity, and what is thick in it, in points


def sight_of_line(line: Any, axes: Any, rendering: Rendering) -> Sight:
    """The sight of a line and its markers."""
    data = Line2D.get_xydata(line)
    copies = [each for each in axes.lines if np.array_equal(Line2D.get_xydata(each), data)]
    places = Artist.get_transform(line).transform(np.asarray(data, float).reshape(-1, 2))
    return _sight([line], copies, axes, rendering, _inks_of_line(line), _share_within(places, axes.bbox))


def sight_of_bars(patches: Sequence[Any], axes: Any, rendering: Rendering) -> Sight:
    """The sight of patches that one call drew."""
    outlines = {_outline(patch).vertices.tobytes() for patch in patches}
    copies = [each for each in axes.patches if _outline(each).vertices.tobytes() in outlines]
    boxes = [_outline(patch).get_extents() for patch in patches]
    inks = [ink for patch, box in zip(patches, boxes, strict=True) for ink in _inks_of_patch(patch, box, rendering)]
    drawn = [box for box in boxes if _area(box)] or boxes  # on a logarithmic scale an empty bar lies far below
    return _sight(patches, copies, axes, rendering, inks, float(np.mean([box.overlaps(axes.bbox) for box in drawn])))


def sight_of_picture(picture: Any, axes: Any, rendering: Rendering) -> Sight:
    """The sight of what ``imshow`` or ``pcolormesh`` drew, whose contrast is that among its own colours."""
    box = _box_of_picture(picture, axes)
    common = Bbox.intersection(box, axes.bbox)
    within = 0.0 if common is None or not _area(box) else _area(common) / _area(box)
    pixels: Any = ScalarMappable.get_array(picture)
    copies = [each for each in (*axes.images, *axes.collections) if np.array_equal(each.get_array(), pixels)]
    sight = _sight([picture], copies, axes, rendering, [], within)
    alpha = Artist.get_alpha(picture)
    opacity = 1.0 if alpha is None else float(np.max(alpha))
    return replace(sight, alpha=opacity, size=_thickness(box, rendering), contrast=_contrast_within(picture))


def _sight(
    artists: Sequence[Any], copies: Sequence[Any], axes: Any, rendering: Rendering, inks: list[Ink], within: float
) -> Sight:
    """What is told of the artists; they are looked at together with their copies, which hide one another."""
    paper = _background(axes, rendering)
    differences = rendering.differences(copies)
    return Sight(
        visible=_all_visible(artists, axes, rendering),
        alpha=max((colour[3] for colour, _ in inks), default=1.0),
        size=max((size for _, size in inks), default=0.0),
        contrast=max((float(np.abs(np.subtract(colour[:3], paper)).max()) for colour, _ in inks), default=1.0),
        within=within,
        room=_room(axes, rendering),
        pixels=int((differences > FAINT).sum()),
        change=float(differences.max(initial=0)),
    )


def _contrast_within(picture: Any) -> float:
    values: Any = np.ma.asarray(ScalarMappable.get_array(picture))
    return float(np.ptp(ScalarMappable.to_rgba(picture, values)[..., :3].reshape(-1, 3), axis=0).max())


def _inks_of_line(line: Any) -> list[Ink]:
    alpha = Artist.get_alpha(line)
    inks = []
    if Line2D.get_linestyle(line) not in NOTHING:
        inks.append((to_rgba(Line2D.get_color(line), alpha), float(Line2D.get_linewidth(line))))
    if Line2D.get_marker(line) not in NOTHING:
        size = float(Line2D.get_markersize(line))
        inks += [(to_rgba(get(line), alpha), size) for get in _MARKER_COLOURS]
    return inks


_MARKER_COLOURS: tuple[Callable[[Any], Any], ...] = (Line2D.get_markerfacecolor, Line2D.get_markeredgecolor)


def _inks_of_patch(patch: Any, box: Any, rendering: Rendering) -> list[Ink]:
    inks = [(to_rgba(Patch.get_edgecolor(patch)), float(Patch.get_linewidth(patch)))]
    if Patch.get_fill(patch):
        inks.append((to_rgba(Patch.get_facecolor(patch)), _thickness(box, rendering)))
    return [ink for ink in inks if ink[0][3] and ink[1]] or inks[-1:]


def _outline(patch: Any) -> Any:
    return Patch.get_transform(patch).transform_path(patch.get_path())


def _box_of_picture(picture: Any, axes: Any) -> Any:
    if isinstance(picture, AxesImage):
        left, right, bottom, top = picture.get_extent()
        corners = np.array([[left, bottom], [right, top]])
    else:
        corners = np.asarray(picture.get_coordinates()).reshape(-1, 2)
    places = axes.transData.transform(corners)
    return Bbox([places.min(axis=0), places.max(axis=0)])


def _share_within(places: Array, view: Any) -> float:
    """The share of the points, ``(points, 2)`` in pixels, that lie in the view; what is no number lies nowhere."""
    low, high = view.min - 1, view.max + 1
    return float(np.all((places >= low) & (places <= high), axis=1).mean()) if len(places) else 0.0


def _background(axes: Any, rendering: Rendering) -> Array:
    """The colour of the paper behind the axes, ``(3,)``."""
    paper = np.ones(3)
    for patch in (rendering.figure.patch, axes.patch):
        *colour, alpha = to_rgba(Patch.get_facecolor(patch))
        if Artist.get_visible(patch):
            paper = alpha * np.array(colour) + (1 - alpha) * paper
    return paper


def _all_visible(artists: Sequence[Any], axes: Any, rendering: Rendering) -> bool:
    around = all(map(Artist.get_visible, (axes, rendering.figure)))
    return around and any(map(Artist.get_visible, artists))


def _thickness(box: Any, rendering: Rendering) -> float:
    return float(min(abs(box.width), abs(box.height))) * POINTS / rendering.figure.dpi


def _room(axes: Any, rendering: Rendering) -> float:
    common = Bbox.intersection(axes.bbox, rendering.figure.bbox)
    whole = _area(rendering.figure.bbox)
    return 0.0 if common is None or not whole else _area(common) / whole


def _area(box: Any) -> float:
    return float(abs(box.width * box.height))
