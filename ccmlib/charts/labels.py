"""Labels beside the data, moved apart where they would collide."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

from ccmlib.charts.fitting import box

#: Space between two labels, in pixels.
GAP = 2.0
_GROUP = "ccm-direct-label"


def direct_label(ax: Any, x: Any, y: float, text: str, color: str | None = None,
                 offset: float = 6.0, **text_style: Any) -> Text:
    """Write a label to the right of a point in data coordinates, in the colour of the series that it names.

    `finish` moves colliding ones apart. The ``offset`` from the point is in points.
    """
    label = ax.annotate(text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center",
                        ha="left", color=color, annotation_clip=False, **text_style)
    label.set_gid(_GROUP)
    return label


def label_line_ends(ax: Any, values: bool = False) -> None:
    """Name each line that has a label at its end, instead of in a legend; with its last value, if ``values``."""
    for line in ax.get_lines():
        name, xs, ys = line.get_label(), line.get_xdata(), line.get_ydata()
        known = [k for k in range(len(ys)) if ys[k] == ys[k]]
        if not name.startswith("_") and known:
            text = f"{name} {ys[known[-1]]:,.6g}" if values else name
            direct_label(ax, xs[known[-1]], ys[known[-1]], text, line.get_color(), weight="bold")


def direct_labels(fig: Figure) -> list[Text]:
    """List the direct labels of a figure."""
    return [text for ax in fig.axes for text in ax.texts if text.get_gid() == _GROUP]


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float, gap: float = GAP) -> list[float]:
    """Move intervals that collide apart as little as needed, within bounds, keeping their order; give their new middles.

    Examples
    --------
    >>> spread([10, 11, 40], [4, 4, 4], 0, 50, gap=0)
    [8.5, 12.5, 40.0]
    """
    order = np.argsort(centres, kind="stable")
    lengths = np.array(heights, dtype=float)[order]
    before = np.cumsum(lengths + gap) - lengths - gap  # what lies between the start of the first and of each
    wish = np.array(centres, dtype=float)[order] - lengths / 2 - before
    # Isotonic regression: as near to the wishes as starts can be that do not fall.
    nearest = np.array([max(min(wish[i:j + 1].mean() for j in range(k, len(wish))) for i in range(k + 1))
                        for k in range(len(wish))])
    if (nearest == wish).all():
        return list(centres)
    starts = np.minimum(np.maximum(nearest, low), high - before[-1] - lengths[-1]) + before
    return (starts + lengths / 2)[np.argsort(order)].tolist()


def move_apart(fig: Figure) -> None:
    """Move the direct labels of a figure, whose layout is final, apart where they collide."""
    columns: list[list[Any]] = []  # labels that stand above one another, of one plot: only those can collide
    for label in sorted(direct_labels(fig), key=lambda label: (fig.axes.index(label.axes), box(label).x0)):
        if columns and columns[-1][0].axes is label.axes and box(label).x0 < max(box(other).x1 for other in columns[-1]):
            columns[-1].append(label)
        else:
            columns.append([label])
    for column in columns:
        boxes, area = list(map(box, column)), box(column[0].axes)
        centres = [(here.y0 + here.y1) / 2 for here in boxes]
        moved = spread(centres, [here.height for here in boxes], area.y0, area.y1)
        for label, was, now in zip(column, centres, moved, strict=True):
            across, up = label.get_position()
            label.set_position((across, up + (now - was) * 72 / fig.dpi))
