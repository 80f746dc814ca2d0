"""What of a plot counts as shown: what a reader of the figure can see."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from grader.judge.check import Mismatch
from grader.language import visible
from grader.language.messages import T, Text
from grader.wire.values import BarsFacts, LineFacts, PictureFacts

Artist = TypeVar("Artist", LineFacts, BarsFacts, PictureFacts)

MIN_PIXELS = 3
MIN_CHANGE = 0.02
"""By how much, in [0, 1]: five steps of an 8-bit channel. A thin light grey line at alpha 0.5 is above it."""
MIN_WITHIN = 0.2
"""Share. Who cuts the outliers off or begins the axis at epoch 1 is above it."""
MAX_SHOWN = 60


def seen(artists: Sequence[Artist], what: str) -> list[Artist]:
    """Those of the artists that can be seen. Mismatch with the reason when there are some and none can be."""
    found = [artist for artist in artists if is_seen(artist)]
    if artists and not found:
        hidden = artists[0]
        raise Mismatch(
            T(
                "`{what}`: {artist} cannot be seen: {reason}.",
                what=what,
                artist=_name(hidden),
                reason=reason(hidden),
            )
        )
    return found


def is_seen(artist: LineFacts | BarsFacts | PictureFacts) -> bool:
    """Whether enough of something is drawn and differs from what would be there without it, a picture in itself too."""
    sight = artist.sight
    return (
        sight.visible
        and sight.alpha >= MIN_CHANGE
        and (sight.contrast >= MIN_CHANGE or not isinstance(artist, PictureFacts))
        and sight.within >= MIN_WITHIN
        and sight.pixels >= MIN_PIXELS
        and MIN_CHANGE <= sight.change <= 1 + MIN_CHANGE
    )


def reason(artist: LineFacts | BarsFacts | PictureFacts) -> Text:
    """Why something that is not seen is not."""
    sight, is_picture = artist.sight, isinstance(artist, PictureFacts)
    reasons = [
        (not sight.visible, T("it, its axes or the figure are not visible (`set_visible`)")),
        (sight.room <= 0, T("its axes take no room in the figure")),
        (not sight.within >= MIN_WITHIN, T("it lies outside the limits of its axes (`set_xlim`, `set_ylim`)")),
        (sight.size <= 0, T("it is 0 points thick and has no markers")),
        (sight.alpha < MIN_CHANGE, T("its alpha is {alpha}", alpha=f"{sight.alpha:.2g}")),
        (sight.contrast < MIN_CHANGE and is_picture, T("all of it has one colour")),
        (sight.contrast < MIN_CHANGE, T("it has the colour of the background")),
        (True, T("something else covers it, or it is too small or too faint")),
    ]
    return next(text for holds, text in reasons if holds)


def _name(artist: LineFacts | BarsFacts | PictureFacts) -> Text:
    if isinstance(artist, LineFacts):
        return T("the line “{label}”", label=visible.block(artist.label, MAX_SHOWN))
    return T("the group of bars") if isinstance(artist, BarsFacts) else T("the picture")
