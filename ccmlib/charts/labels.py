"""Labels beside the data, moved apart where they would collide."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

#: Space between two labels, in pixels.
GAP = 2.0
#: Letters of a line of a direct label on a phone.
LETTERS = 18
_GROUP = "ccm-direct-label"


def direct_label(ax: Any, x: Any, y: float, text: str, color: str | None = None,
                 offset: float = 6.0, **text_style: Any) -> Text:
    """Write a label to the right of a point; `finish` moves colliding ones apart.

    Parameters
    ----------
    ax
        Axes.
    x, y
        Point, in data coordinates.
    text
        The label.
    color
        Colour of the series that it names.
    offset
        Distance from the point, in points.
    **text_style
        Further text properties.
    """
    label = ax.annotate(text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center",
                        ha="left", color=color, annotation_clip=False, **text_style)
    label.set_gid(_GROUP)
    return label


def label_line_ends(ax: Any, values: bool = False) -> list[Text]:
    """Name each line at its end, instead of in a legend.

    Parameters
    ----------
    ax
        Axes with lines that have a label.
    values
        Whether to write the last value after the name.
    """
    labels = []
    for line in ax.get_lines():
        name, xs, ys = line.get_label(), line.get_xdata(), line.get_ydata()
        known = [k for k in range(len(ys)) if ys[k] == ys[k]]
        if not name.startswith("_") and known:
            text = f"{name} {ys[known[-1]]:,.6g}" if values else name
            labels.append(direct_label(ax, xs[known[-1]], ys[known[-1]], text, line.get_color(), weight="bold"))
    return labels


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float, gap: float = GAP) -> list[float]:
    """Move intervals apart as little as needed, keeping their order; give their new middles.

    Parameters
    ----------
    centres, heights
        Middle and length of each interval.
    low, high
        Bounds to stay within, where there is room.
    gap
        Space to leave between two intervals.

    Examples
    --------
    >>> spread([10, 11, 40], [4, 4, 4], 0, 50, gap=0)
    [8.5, 12.5, 40]
    """
    moved = list(centres)

    def placed(members: list[int], wish: float) -> tuple[float, float]:
        length = sum(heights[m] + gap for m in members) - gap
        start = wish / len(members)
        return (start if len(members) == 1 else min(max(start, low), high - length)), length

    runs: list[list[Any]] = []  # touching intervals: their members, and the sum of the starts they wish for the run
    for k in sorted(range(len(centres)), key=lambda k: (centres[k], k)):
        runs.append([[k], centres[k] - heights[k] / 2])
        while len(runs) > 1:
            (before, wish), (after, other) = runs[-2:]
            start, length = placed(before, wish)
            if start + length + gap <= placed(after, other)[0]:
                break
            runs[-2:] = [[before + after, wish + other - (length + gap) * len(after)]]
    for members, wish in runs:
        at, _ = placed(members, wish)
        for m in members if len(members) > 1 else ():
            moved[m] = at + heights[m] / 2
            at += heights[m] + gap
    return moved


def move_apart(fig: Figure) -> None:
    """Move the direct labels of a figure, whose layout is final, apart where they collide."""
    renderer = fig.canvas.get_renderer()
    for ax in fig.axes:
        boxes = {text: text.get_window_extent(renderer) for text in ax.texts if text.get_gid() == _GROUP}
        area = ax.get_window_extent(renderer) if boxes else None
        for column in _columns(boxes):
            centres = [(boxes[label].y0 + boxes[label].y1) / 2 for label in column]
            moved = spread(centres, [boxes[label].height for label in column], area.y0, area.y1)
            for label, was, now in zip(column, centres, moved, strict=True):
                across, up = label.get_position()
                label.set_position((across, up + (now - was) * 72 / fig.dpi))


def break_labels(fig: Figure) -> None:
    """Break long direct labels into lines, for a phone."""
    for ax in fig.axes:
        for text in ax.texts:
            if text.get_gid() == _GROUP:
                text.set_text(textwrap.fill(" ".join(text.get_text().split()), LETTERS, break_long_words=False))


def cut_off(fig: Figure) -> bool:
    """Tell whether a direct label leaves the figure: its place moves with the plot."""
    renderer = fig.canvas.get_renderer()
    return any(text.get_window_extent(renderer).x1 > fig.bbox.width
               for ax in fig.axes for text in ax.texts if text.get_gid() == _GROUP)


def _columns(boxes: dict[Text, Any]) -> list[list[Text]]:
    """Gather labels that stand above one another: only those can collide."""
    columns: list[list[Any]] = []
    for label, box in sorted(boxes.items(), key=lambda pair: pair[1].x0):
        if columns and box.x0 < columns[-1][1]:
            columns[-1][0].append(label)
            columns[-1][1] = max(columns[-1][1], box.x1)
        else:
            columns.append([[label], box.x1])
    return [column for column, _ in columns]
