"""Labels beside the data, moved apart where they would collide, and the check that they are."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from matplotlib.figure import Figure
from matplotlib.text import Text

#: Space between two labels, in pixels.
GAP = 2.0
_GROUP = "ccm-direct-label"


def direct_label(ax: Any, x: Any, y: float, text: str, color: str | None = None,
                 offset: float = 6.0, **text_style: Any) -> Text:
    """
    Write a label to the right of a point.

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

    Returns
    -------
    matplotlib.text.Text
        The label; :func:`ccmlib.charts.finish` moves colliding ones apart vertically.
    """
    label = ax.annotate(text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center",
                        ha="left", color=color, annotation_clip=False, **text_style)
    label.set_gid(_GROUP)
    return label


def label_line_ends(ax: Any, values: bool = False) -> list[Text]:
    """
    Name each line at its end, instead of in a legend.

    Parameters
    ----------
    ax
        Axes with lines that have a label.
    values
        Whether to write the last value after the name.

    Returns
    -------
    list of matplotlib.text.Text
        The labels.
    """
    labels = []
    for line in ax.get_lines():
        name, xs, ys = line.get_label(), line.get_xdata(), line.get_ydata()
        if name.startswith("_") or not len(xs):
            continue
        known = [k for k in range(len(ys)) if ys[k] == ys[k]]
        if not known:
            continue
        last = known[-1]
        text = f"{name} {ys[last]:,.6g}" if values else name
        labels.append(direct_label(ax, xs[last], ys[last], text, line.get_color(), weight="bold"))
    return labels


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float,
           gap: float = GAP) -> list[float]:
    """
    Move intervals apart as little as needed, keeping their order.

    Parameters
    ----------
    centres, heights
        Middle and length of each interval.
    low, high
        Bounds to stay within, where there is room.
    gap
        Space to leave between two intervals.

    Returns
    -------
    list of float
        New middles.

    Examples
    --------
    >>> spread([10, 11, 40], [4, 4, 4], 0, 50, gap=0)
    [8.5, 12.5, 40]
    """
    order = sorted(range(len(centres)), key=lambda k: (centres[k], k))
    # Each block is a run of touching intervals: [members, total length, wished middle].
    blocks: list[list[Any]] = []
    for k in order:
        blocks.append([[k], heights[k], centres[k]])
        while len(blocks) > 1:
            (above, below) = blocks[-1], blocks[-2]
            if below[2] + below[1] / 2 + gap <= above[2] - above[1] / 2:
                break
            members = below[0] + above[0]
            length = below[1] + gap + above[1]
            wished, at = 0.0, 0.0
            for m in members:
                wished += centres[m] - (at + heights[m] / 2)
                at += heights[m] + gap
            middle = wished / len(members) + length / 2
            middle = min(max(middle, low + length / 2), high - length / 2)
            blocks[-2:] = [[members, length, middle]]
    moved = list(centres)
    for members, length, middle in blocks:
        if len(members) == 1:
            continue
        at = middle - length / 2
        for m in members:
            moved[m] = at + heights[m] / 2
            at += heights[m] + gap
    return moved


def move_apart(fig: Figure) -> None:
    """
    Move the direct labels of a figure apart where they collide.

    Parameters
    ----------
    fig
        Figure whose layout is final.
    """
    renderer = fig.canvas.get_renderer()
    to_points = 72 / fig.dpi
    for ax in fig.axes:
        labels = [text for text in ax.texts if text.get_gid() == _GROUP]
        for column in _columns(labels, renderer):
            boxes = [label.get_window_extent(renderer) for label in column]
            centres = [(box.y0 + box.y1) / 2 for box in boxes]
            area = ax.get_window_extent(renderer)
            moved = spread(centres, [box.height for box in boxes], area.y0, area.y1)
            for label, was, now in zip(column, centres, moved, strict=True):
                if now != was:
                    across, up = label.get_position()
                    label.set_position((across, up + (now - was) * to_points))


def _columns(labels: Sequence[Text], renderer: Any) -> list[list[Text]]:
    """Gather labels that stand above one another: only those can collide."""
    columns: list[list[Any]] = []
    for label in sorted(labels, key=lambda t: t.get_window_extent(renderer).x0):
        box = label.get_window_extent(renderer)
        if columns and box.x0 < columns[-1][1]:
            columns[-1][0].append(label)
            columns[-1][1] = max(columns[-1][1], box.x1)
        else:
            columns.append([[label], box.x1])
    return [column for column, _ in columns]


def _texts(fig: Figure) -> list[Text]:
    found = []
    for text in fig.findobj(Text):
        if text.get_visible() and text.get_text().strip() and _shown(text, fig):
            found.append(text)
    return found


def _shown(text: Text, fig: Figure) -> bool:
    """Leave out tick labels that matplotlib keeps but does not draw."""
    for ax in fig.axes:
        for axis in (ax.xaxis, ax.yaxis):
            labels = [tick.label1 for tick in axis.get_major_ticks()] + \
                [tick.label2 for tick in axis.get_major_ticks()]
            if text not in labels:
                continue
            if not ax.axison or not axis.get_visible():
                return False
            view = sorted(axis.get_view_interval())
            place = text.get_position()[0 if axis is ax.xaxis else 1]
            slack = (view[1] - view[0]) * 1e-6
            return view[0] - slack <= place <= view[1] + slack
    return True


def overlaps(fig: Figure, tolerance: float = 1.0) -> list[tuple[str, str]]:
    """
    List the labels that collide with one another or leave the figure.

    Parameters
    ----------
    fig
        Finished figure.
    tolerance
        Pixels by which two boxes may touch; boxes are taller than the letters in them.

    Returns
    -------
    list of tuple
        Pairs of colliding texts; a text that is cut off is paired with ``"edge of the figure"``.
    """
    fig.draw_without_rendering()
    renderer = fig.canvas.get_renderer()
    boxes = [(text.get_text(), text.get_window_extent(renderer)) for text in _texts(fig)]
    width, height = fig.bbox.width, fig.bbox.height
    found = []
    for k, (text, box) in enumerate(boxes):
        if box.x0 < -tolerance or box.y0 < -tolerance or box.x1 > width + tolerance \
                or box.y1 > height + tolerance:
            found.append((text, "edge of the figure"))
        for other_text, other in boxes[k + 1:]:
            across = min(box.x1, other.x1) - max(box.x0, other.x0)
            up = min(box.y1, other.y1) - max(box.y0, other.y0)
            if across > tolerance and up > tolerance:
                found.append((text, other_text))
    return found
