"""Texts around a plot, made to fit where a language needs more room: broken into lines, thinned out or made smaller."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure

#: Space to leave between two texts, in pixels.
GAP = 3.0
#: No text of a chart is smaller than this, in points.
SMALLEST = 6.0
#: Part of the figure's width that names of rows may take.
ROWS = 0.34
#: So many headings of so many letters, or so many letters in all, stand upright on a phone, at this size.
_MANY, _LONG, _CROWDED, _UPRIGHT = 4, 7, 40, 7.5
#: A legend of a phone has two columns where its texts are shorter than this, and letters of this size.
_HALF, _SMALL = 20, 8.0
#: Distance of a legend below the plot, in its letters.
_BELOW_TICKS = 2.6
#: Name of texts that stand within a mark.
INSIDE = "inside"
#: Lines that the heading of a column may take.
LINES = 4


def fit(fig: Figure) -> bool:
    """Make texts fit their places; tell whether one was changed, so that the figure has to be laid out again."""
    renderer = fig.canvas.get_renderer()
    changed = False
    for ax in fig.axes:
        if ax.get_legend():
            changed |= _fit_legend(ax.get_legend(), fig, renderer)
        _fit_inside(ax, renderer)
        if not ax.axison:
            continue
        area = ax.get_window_extent(renderer)
        changed |= _broken(ax.yaxis.label, area.height, renderer, upright=True)
        changed |= _broken(ax.xaxis.label, fig.bbox.width, renderer)
        for title in (ax.title, ax._left_title):
            changed |= _broken(title, _room_for_title(ax, fig, renderer), renderer)
        changed |= _fit_columns(ax, renderer) | _shrink_rows(ax, renderer)
    return changed


def inside(text: Any, room: float) -> None:
    """Keep a text within a mark of this width in data units: broken, made smaller, or left out."""
    text.set_gid(INSIDE)
    text._room = room


def _fit_inside(ax: Any, renderer: Any) -> None:
    """Fit the texts within marks; they take no part in the layout."""
    for text in ax.texts:
        if text.get_gid() != INSIDE:
            continue
        text.set_in_layout(False)
        text.set_visible(True)  # what is not visible has no size
        (left, _), (right, _) = ax.transData.transform([(0, 0), (text._room, 0)])
        room, size = abs(right - left) - 1, text.get_size()
        if text.get_window_extent(renderer).width > room:
            words = " ".join(text.get_text().split())
            longest = text.get_window_extent(renderer).width
            text.set_text("\n".join(textwrap.wrap(words, max(int(len(words) * room / longest), len(words) // 2 + 2),
                                                  break_long_words=False)))
            size *= 0.85 if "\n" in text.get_text() else 1
            text.set_size(size)
        while text.get_window_extent(renderer).width > room and size > SMALLEST:
            size -= 0.5
            text.set_size(size)
        text.set_visible(text.get_window_extent(renderer).width <= room + 0.5)


def fit_rows(fig: Figure) -> None:
    """Break names of rows that would leave too little to the plot, where two lines fit in a row."""
    renderer = fig.canvas.get_renderer()
    for ax in fig.axes:
        if ax.axison:
            _fit_rows(ax, fig, renderer)


def _fit_legend(legend: Any, fig: Figure, renderer: Any) -> bool:
    """Move a legend to the left while it reaches out of the figure, over the names of rows, and make it smaller."""
    fig.draw_without_rendering()  # a legend knows its place once it is drawn
    room = fig.bbox.width - 4 * GAP
    over = legend.get_window_extent(renderer).x1 - (fig.bbox.width - GAP)
    if over <= 0:
        return False
    while (box := legend.get_window_extent(renderer)).width > room:
        if legend.get_texts()[0].get_size() <= SMALLEST:
            break
        for text in legend.get_texts():
            text.set_size(text.get_size() - 0.25)
        fig.draw_without_rendering()
    anchor, axes = legend.get_bbox_to_anchor(), legend.axes.transAxes.inverted()
    left = max(GAP, box.x0 - max(box.x1 - (fig.bbox.width - GAP), 0))
    legend.set_bbox_to_anchor(axes.transform((anchor.x0 + left - box.x0, anchor.y0)), transform=legend.axes.transAxes)
    return True


def _room_for_title(ax: Any, fig: Figure, renderer: Any) -> float:
    """Measure from the left of the axes to the next panel in the row, or to the edge of the figure."""
    area = ax.get_window_extent(renderer)
    beside = [other.get_window_extent(renderer) for other in fig.axes if other is not ax]
    right = [box.x0 for box in beside if box.x0 > area.x0 + 1 and box.y0 < area.y1 and box.y1 > area.y0]
    return min([*right, fig.bbox.width]) - area.x0 - 2 * GAP


def _broken(text: Any, room: float, renderer: Any, upright: bool = False) -> bool:
    """Break a text into lines that fit the room."""
    words = text.get_text()
    box = text.get_window_extent(renderer)
    long = box.height if upright else box.width
    if not words.strip() or long <= room:
        return False
    letters = max(int(max(map(len, words.split("\n"))) * room / long) - 1, 6)
    # Chinese has no spaces to break at.
    broken = "\n".join(textwrap.wrap(words, letters, break_long_words=max(words) > "\u2e80"))
    text.set_text(broken)
    return broken != words


def stand_up(ax: Any) -> float:
    """Set words below or above the columns upright, where there are many; give the height that they need, in points."""
    labels = _labels(ax.xaxis, ax.viewLim.intervalx)
    texts = [" ".join(label.get_text().split()) for label in labels.values()]
    longest = max(map(letters, texts), default=0)
    short = longest < _LONG and len(texts) * longest < _CROWDED
    if len(texts) < _MANY or all(text.strip().isdecimal() for text in texts) or short:
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
    beside = any(letters(label.get_text()) for label in _labels(ax.yaxis, ax.viewLim.intervaly).values()) and ax.axison
    columns = 2 if max(map(letters, texts)) < (_HALF * 2 // 3 if beside else _HALF) else 1  # what stands beside it takes room
    box = legend.get_bbox_to_anchor().transformed(ax.transAxes.inverted())
    place, pad = legend._loc, legend.borderaxespad
    low = 0 if not ax.axison else box.y0
    if not ax.axison:  # below a map, never on it
        place = "upper left"
    elif box.y0 <= 0 and not box.height:  # below by a part of the plot's height, which is another now
        low, pad = 0, _BELOW_TICKS
    ax.legend(handles=legend.legend_handles, labels=texts, loc=place, ncols=columns, fontsize=_SMALL, borderaxespad=pad,
              bbox_to_anchor=(0, low, box.width, box.height))
    return (-(-len(texts) // columns) * (1.7 if ax.axison else 2) + 1) * _SMALL


def _fit_columns(ax: Any, renderer: Any) -> bool:
    """Keep labels of the horizontal axis apart: every second number, or words in more lines and then smaller."""
    labels = _labels(ax.xaxis, ax.viewLim.intervalx)
    if len(labels) < 2 or not _collide(labels.values(), renderer):
        return False
    texts = [label.get_text() for label in labels.values()]
    if all(text.strip().isdecimal() for text in texts):
        ax.set_xticks(list(labels)[::2], texts[::2])
        return True
    room = _room(labels.values(), renderer)
    for k, label in enumerate(labels.values()):
        lines = _lines(label, room, renderer)
        texts[k] = "\n".join(lines) if len(lines) <= LINES else texts[k]
    # Texts given to the labels alone would last until the next drawing.
    ax.set_xticks(list(labels), texts)
    labels = _labels(ax.xaxis, ax.viewLim.intervalx)
    while _collide(labels.values(), renderer) and next(iter(labels.values())).get_size() > SMALLEST:
        for label in labels.values():
            label.set_size(label.get_size() - 0.25)
    if _collide(labels.values(), renderer):
        ax.tick_params(axis="x", rotation=90)
    return True


def _fit_rows(ax: Any, fig: Figure, renderer: Any) -> None:
    labels = _labels(ax.yaxis, ax.viewLim.intervaly)
    room = ROWS * fig.bbox.width
    if len(labels) < 2 or max(label.get_window_extent(renderer).width for label in labels.values()) <= room:
        return
    row = ax.get_window_extent(renderer).height / abs(ax.viewLim.y1 - ax.viewLim.y0) * 72 / fig.dpi
    size = min(next(iter(labels.values())).get_size(), row / 2.7)  # the plot will be lower than it is now
    texts = ["\n".join(_lines(label, room, renderer)) for label in labels.values()]
    if size < SMALLEST or texts == [label.get_text() for label in labels.values()]:
        return
    ax.set_yticks(list(labels), texts)
    for label in _labels(ax.yaxis, ax.viewLim.intervaly).values():
        if "\n" in label.get_text():
            label.set(size=size, linespacing=0.95)


def _shrink_rows(ax: Any, renderer: Any) -> bool:
    """Make names of rows in two lines smaller while they touch those above or below."""
    labels = list(_labels(ax.yaxis, ax.viewLim.intervaly).values())
    broken = [label for label in labels if "\n" in label.get_text()]
    changed = False
    while broken and broken[0].get_size() > SMALLEST and _collide(labels, renderer, upright=True):
        for label in broken:
            label.set_size(label.get_size() - 0.25)
        changed = True
    return changed


def _labels(axis: Any, view: tuple[float, float]) -> dict[float, Any]:
    """Give the labels that an axis shows, by their places."""
    low, high = sorted(view)
    ticks = axis.get_major_ticks()
    shown = {tick.get_loc(): tick.label2 if tick.label2.get_visible() else tick.label1 for tick in ticks}
    return {place: label for place, label in shown.items()
            if low <= place <= high and label.get_visible() and label.get_text().strip()}


def _lines(text: Any, room: float, renderer: Any) -> list[str]:
    """Break a text into lines of about this room."""
    width = text.get_window_extent(renderer).width
    if width <= room:
        return text.get_text().split("\n")
    letters = max(int(max(map(len, text.get_text().split("\n"))) * room / width), 4)
    return textwrap.wrap(text.get_text(), letters, break_long_words=False)


def _room(labels: Iterable[Any], renderer: Any) -> float:
    """Measure the room that each label has between its neighbours."""
    middles = sorted((box.x0 + box.x1) / 2 for box in (label.get_window_extent(renderer) for label in labels))
    return min(after - before for before, after in pairwise(middles)) - GAP


def _collide(labels: Iterable[Any], renderer: Any, upright: bool = False) -> bool:
    boxes = (label.get_window_extent(renderer) for label in labels)
    spans = sorted((box.y0, box.y1) if upright else (box.x0 - 0.5, box.x1 + 0.5) for box in boxes)
    return any(one[1] > other[0] for one, other in pairwise(spans))
