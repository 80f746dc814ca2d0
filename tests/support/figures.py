"""Facts about figures that nobody drew, for stand-in students: everything on them can be seen."""

import numpy as np

from grader.wire.values import BarsFacts, LineFacts, PictureFacts, Sight

SEEN = Sight(visible=True, alpha=1.0, size=1.5, contrast=0.8, within=1.0, room=0.2, pixels=300, change=0.8)


def line(label, x, y, sight=SEEN):
    """A line."""
    return LineFacts(label, x, y, sight)


def bars(heights, edges=None, sight=SEEN):
    """Bars that stand side by side, one unit wide or between the edges."""
    edges = np.arange(len(heights) + 1.0) if edges is None else np.asarray(edges, float)
    return BarsFacts(
        edges[:-1].tolist(), [0.0] * len(heights), np.diff(edges).tolist(), np.asarray(heights, float).tolist(), sight
    )


def picture(pixels, sight=SEEN):
    """What imshow draws."""
    return PictureFacts(pixels, sight)
