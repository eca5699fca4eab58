"""Texts of a plot, made to fit where a language needs more room: broken into lines, thinned out, made smaller, moved apart.

Labels beside the data stand here too; `finish` moves those that collide.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.text import Text

#: Space to leave between two texts, and between two labels beside the data, in pixels.
GAP, LABEL_GAP = 3.0, 2.0
#: No text of a chart is smaller than this, in points, and no long name within a mark than that.
SMALLEST, SMALLEST_NAME = 6.0, 4.75
#: Part of the figure's width that names of rows may take.
ROWS = 0.34
#: Lines that the heading of a column may take.
LINES = 4
#: So many headings of so many letters, or so many letters in all, stand upright on a phone, at this size.
_MANY, _LONG, _CROWDED, _UPRIGHT = 4, 7, 40, 7.5
#: A legend of a phone has two columns where its texts are shorter than this, and letters of this size.
_HALF, _SMALL = 20, 8.0
#: Distance of a legend below the plot, in its letters.
_BELOW_TICKS = 2.6
#: Names of texts that stand within a mark, and beside the data.
_INSIDE, _BESIDE = "inside", "ccm-direct-label"


def box(artist: Any) -> Any:
    """Measure an artist where it would be drawn now, in pixels."""
    return artist.get_window_extent(artist.get_figure(root=True).canvas.get_renderer())


def fit(fig: Figure) -> bool:
    """Make texts fit their places; tell whether one was changed, so that the figure has to be laid out again."""
    changed = False
    for ax in fig.axes:
        ax.apply_aspect()
        changed |= _fit_legend(ax.get_legend(), fig)
        if ax.axison:
            texts = [(ax.yaxis.label, box(ax).height, True), (ax.xaxis.label, fig.bbox.width, False),
                     *((title, _room_for_title(ax, fig), False) for title in (ax.title, ax._left_title))]
            for text, room, upright in texts:
                words = text.get_text()
                text.set_text(_broken(text, room, upright))
                changed |= text.get_text() != words
            changed |= _fit_columns(ax)
            rows = _labels(ax.yaxis).values()
            changed |= _shrink([row for row in rows if "\n" in row.get_text()], lambda rows=rows: _collide(rows, upright=True))
    return changed


def inside(text: Any, room: float) -> None:
    """Keep a text within a mark of this width in data units: broken, made smaller, or left out."""
    text.set_gid(_INSIDE)
    text.set_in_layout(False)
    text._room = room


def fit_inside(fig: Figure) -> None:
    """Fit the texts within marks, when the layout is final."""
    for text in (text for ax in fig.axes for text in ax.texts if text.get_gid() == _INSIDE):
        text.set_visible(True)  # what is not visible has no size
        (left, _), (right, _) = text.axes.transData.transform([(0, 0), (text._room, 0)])
        room, width = abs(right - left) - 1, box(text).width
        if width > room:
            words = " ".join(text.get_text().split())
            letters = max(int(len(words) * room / width), len(words) // 2 + 2)
            text.set_text(textwrap.fill(words, letters, break_long_words=False))
            factor, least = (0.85, SMALLEST_NAME) if "\n" in text.get_text() else (1, SMALLEST)
            text.set_size(text.get_size() * factor)
            _shrink([text], lambda text=text, room=room: box(text).width > room, 0.5, least)
            text.set_visible(box(text).width <= room + 0.5)


def fit_rows(fig: Figure) -> None:
    """Break names of rows that would leave too little to the plot, where two lines fit in a row."""
    room = ROWS * fig.bbox.width
    for ax in fig.axes:
        labels = _labels(ax.yaxis) if ax.axison else {}
        if len(labels) < 2 or max(box(label).width for label in labels.values()) <= room:
            continue
        row = box(ax).height / abs(ax.viewLim.y1 - ax.viewLim.y0) * 72 / fig.dpi
        size = min(next(iter(labels.values())).get_size(), row / 2.7)  # the plot will be lower than it is now
        if size < SMALLEST:
            continue
        ax.set_yticks(list(labels), [_broken(label, room) for label in labels.values()])
        for label in _labels(ax.yaxis).values():
            if "\n" in label.get_text():
                label.set(size=size, linespacing=0.95)


def _fit_legend(legend: Any, fig: Figure) -> bool:
    """Move a legend to the left while it reaches out of the figure, over the names of rows, and make it smaller."""
    edge = fig.bbox.width - GAP
    if not legend or box(legend).x1 <= edge:
        return False
    _shrink(legend.get_texts(), lambda: box(legend).width > edge - 3 * GAP)
    here, anchor, axes = box(legend), legend.get_bbox_to_anchor(), legend.axes.transAxes
    left = max(GAP, here.x0 - max(here.x1 - edge, 0))
    legend.set_bbox_to_anchor(axes.inverted().transform((anchor.x0 + left - here.x0, anchor.y0)), transform=axes)
    return True


def _room_for_title(ax: Any, fig: Figure) -> float:
    """Measure from the left of the axes to the next panel in the row, or to the edge of the figure."""
    area, others = box(ax), [box(other) for other in fig.axes if other is not ax]
    right = [other.x0 for other in others if other.x0 > area.x0 + 1 and other.y0 < area.y1 and other.y1 > area.y0]
    return min([*right, fig.bbox.width]) - area.x0 - 2 * GAP


def _broken(text: Any, room: float, upright: bool = False) -> str:
    """Break a text into lines that fit the room."""
    words, size = text.get_text(), box(text)
    long = size.height if upright else size.width
    if not words.strip() or long <= room:
        return words
    width = max(int(max(map(len, words.split("\n"))) * room / long), 5)
    return textwrap.fill(words, width, break_long_words=max(words) > "\u2e80")  # Chinese has no spaces to break at


def _shrink(texts: Sequence[Any], too_big: Callable[[], bool], step: float = 0.25, least: float = SMALLEST) -> bool:
    """Make texts smaller while they are too big, and tell whether they were."""
    changed = False
    while texts and texts[0].get_size() > least and too_big():
        for text in texts:
            text.set_size(text.get_size() - step)
        changed = True
    return changed


def stand_up(ax: Any) -> float:
    """Set words below or above the columns upright, where there are many; give the height that they need, in points."""
    labels = _labels(ax.xaxis)
    texts = [" ".join(label.get_text().split()) for label in labels.values()]
    longest = max(map(letters, texts), default=0)
    short = longest < _LONG and len(texts) * longest < _CROWDED
    if len(texts) < _MANY or all(map(str.isdecimal, texts)) or short:
        return 0.0
    ax.set_xticks(list(labels), texts)
    ax.tick_params(axis="x", rotation=90, labelsize=_UPRIGHT)
    return longest * _UPRIGHT * 0.6


def letters(text: str) -> int:
    """Count letters, Chinese characters twice: they are twice as wide."""
    return sum(2 if letter > "\u2e80" else 1 for letter in text)


def fold_legend(ax: Any) -> float:
    """Set a legend in one or two columns; give the height that it needs then, in points."""
    legend = ax.get_legend()
    if not legend:
        return 0.0
    texts = [text.get_text() for text in legend.get_texts()]
    beside = ax.axison and _labels(ax.yaxis)  # what stands beside it takes room
    columns = 2 if max(map(letters, texts)) < (_HALF * 2 // 3 if beside else _HALF) else 1
    anchor = legend.get_bbox_to_anchor().transformed(ax.transAxes.inverted())
    place, pad, low = legend._loc, legend.borderaxespad, anchor.y0
    if not ax.axison:  # below a map, never on it
        place, low = "upper left", 0
    elif low <= 0 and not anchor.height:  # below by a part of the plot's height, which is another now
        low, pad = 0, _BELOW_TICKS
    ax.legend(handles=legend.legend_handles, labels=texts, loc=place, ncols=columns, fontsize=_SMALL, borderaxespad=pad,
              bbox_to_anchor=(0, low, anchor.width, anchor.height))
    return (-(-len(texts) // columns) * (1.7 if ax.axison else 2) + 1) * _SMALL


def _fit_columns(ax: Any) -> bool:
    """Keep labels of the horizontal axis apart: every second number, or words in more lines and then smaller."""
    labels = _labels(ax.xaxis)
    if len(labels) < 2 or not _collide(labels.values()):
        return False
    places, texts = list(labels), [label.get_text() for label in labels.values()]
    if all(text.strip().isdecimal() for text in texts):
        ax.set_xticks(places[::2], texts[::2])
        return True
    middles = sorted((place.x0 + place.x1) / 2 for place in map(box, labels.values()))
    room = min(after - before for before, after in pairwise(middles)) - GAP
    broken = [_broken(label, room) for label in labels.values()]
    # Texts given to the labels alone would last until the next drawing.
    ax.set_xticks(places, [new if new.count("\n") < LINES else old for new, old in zip(broken, texts, strict=True)])
    shown = list(_labels(ax.xaxis).values())
    _shrink(shown, lambda: _collide(shown))
    if _collide(shown):
        ax.tick_params(axis="x", rotation=90)
    return True


def _labels(axis: Any) -> dict[float, Any]:
    """Give the labels that an axis shows, by their places."""
    low, high = sorted(axis.get_view_interval())
    shown = {tick.get_loc(): tick.label2 if tick.label2.get_visible() else tick.label1 for tick in axis.get_major_ticks()}
    return {place: label for place, label in shown.items()
            if low <= place <= high and label.get_visible() and label.get_text().strip()}


def _collide(labels: Iterable[Any], upright: bool = False) -> bool:
    spans = sorted((place.y0, place.y1) if upright else (place.x0 - 0.5, place.x1 + 0.5) for place in map(box, labels))
    return any(one[1] > other[0] for one, other in pairwise(spans))


def direct_label(ax: Any, x: Any, y: float, text: str, color: str | None = None,
                 offset: float = 6.0, **text_style: Any) -> Text:
    """Write a label to the right of a point in data coordinates, in its series' colour; the offset is in points."""
    label = ax.annotate(text, (x, y), xytext=(offset, 0), textcoords="offset points", va="center",
                        ha="left", color=color, annotation_clip=False, **text_style)
    label.set_gid(_BESIDE)
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
    return [text for ax in fig.axes for text in ax.texts if text.get_gid() == _BESIDE]


def spread(centres: Sequence[float], heights: Sequence[float], low: float, high: float, gap: float = LABEL_GAP) -> list[float]:
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
