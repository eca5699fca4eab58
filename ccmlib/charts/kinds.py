"""Kinds of chart that several notebooks need: tiles of all States, matrix, bars, tiles with names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from ccmlib.charts.fitting import inside
from ccmlib.charts.style import FAINT, INK, MUTED, palette, text_on
from ccmlib.charts.svg import mark
from ccmlib.language.languages import capital

#: Columns of regions, from west to east: region → tiles across, and subregions from north to south, about where they are.
_COLUMNS = (
    {"Americas": (7, ("Northern America", "Central America", "Caribbean", "South America"))},
    {"Europe": (10, ("Northern Europe", "Eastern Europe", "Western Europe", "Southern Europe")),
     "Africa": (10, ("Northern Africa", "Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa"))},
    {"Asia": (9, ("Central Asia", "Eastern Asia", "Western Asia", "Southern Asia", "South-eastern Asia")),
     "Oceania": (9, ("Micronesia", "Melanesia", "Polynesia", "Australia and New Zealand"))},
)
#: A chart is drawn where at least so many of its marks are known, and at least this share of them.
LEAST, SHARE = 8, 0.5
#: Half the side of a tile.
_HALF = 0.45


def worth_drawing(frame: Any) -> bool:
    """Tell whether there is something to see: at least eight marks are known, and at least half of all.

    Each cell of a DataFrame or Series of what would be plotted is a mark; a blank, or ``unknown``, is not known.

    Examples
    --------
    >>> worth_drawing(pd.Series([1] * 8 + [None] * 8)), worth_drawing(pd.Series([1] * 8 + [None] * 9))
    (True, False)
    """
    cells = pd.DataFrame(frame).stack(future_stack=True)
    known = cells.notna() & ~cells.isin(["", "unknown"])
    return bool(known.sum() >= LEAST and known.mean() >= SHARE)


def tile_map(
    ax: Any, frame: Any, colours: Mapping[str, str], status: str = "status", labels: Callable[[str], str] = str
) -> dict[str, tuple[float, float]]:
    """Show every State as one tile of the same size, so that small island States are seen; give the place of each, by ISO3.

    Parameters
    ----------
    ax
        Axes, about 7.6 by 4.6 inches.
    frame, status
        One row for each State: ``iso3``, ``state``, its name, ``m49_region`` and ``m49_subregion``, by which tiles are
        gathered, and the column with its status.
    colours
        Colour of each status, in the order of the legend; a ValueError names those without one, and regions without a place.
    labels
        Translates the regions' names.
    """
    known = {name for column in _COLUMNS for name in column}
    if strange := sorted(set(frame[status]) - set(colours)) + sorted(set(frame["m49_region"]) - known):
        raise ValueError(f"tile map: no colour or place for {', '.join(map(str, strange))}")
    places: dict[str, tuple[float, float]] = {}
    left = lowest = 0.0
    for column in _COLUMNS:
        row = 0.0
        for name, (across, order) in column.items():
            here = frame[frame["m49_region"] == name]
            heading = f"{labels(name)}  {len(here)}"
            inside(ax.text(left - _HALF, 0.8 - row, heading, size=8.5, weight="bold", color=MUTED, va="center"), across)
            by_part = here.sort_values("iso3").groupby("m49_subregion")["iso3"].agg(list)
            for codes in by_part.reindex(list(dict.fromkeys([*order, *by_part.index]))).dropna():
                places |= {iso3: (left + k % across, -(row + k // across)) for k, iso3 in enumerate(codes)}
                row += (len(codes) - 1) // across + 1
            lowest = min(lowest, 1 - row)
            row += 1.6
        left += max(across for across, _ in column.values()) + 1
    for kind, colour in colours.items():
        of = frame[frame[status] == kind]
        if len(of):
            squares = [[(x + dx, y + dy) for dx, dy in ((-_HALF, -_HALF), (_HALF, -_HALF), (_HALF, _HALF), (-_HALF, _HALF))]
                       for x, y in of["iso3"].map(places)]
            drawn = PolyCollection(squares, facecolors=colour, edgecolors="#aab5be", linewidths=0.5)
            mark(ax.add_collection(drawn), [f"{state}: {kind}" for state in of["state"]], of["iso3"])
        for iso3 in of["iso3"]:
            inside(ax.text(*places[iso3], iso3, size=6, ha="center", va="center", color=text_on(colour)), 2 * _HALF)
    counted_legend(ax, frame[status], colours)
    ax.set(xlim=(-0.5, left - 1.5), ylim=(lowest - 0.5, 1.4))
    ax.set_aspect("equal", anchor="NW")
    ax.axis("off")
    return places


def counted_legend(ax: Any, statuses: Any, colours: Mapping[str, str], patterns: Mapping[str, str] | None = None,
                   labels: Callable[[str], str] = str, loc: str = "upper left") -> None:
    """Write below a map what its colours mean, each with the number of its States."""
    counts = statuses.value_counts()
    handles = [Patch(facecolor=colour, edgecolor=MUTED, linewidth=0.4, hatch=(patterns or {}).get(kind),
                     label=f"{counts.get(kind, 0)}\u00a0 {capital(labels(kind))}") for kind, colour in colours.items()]
    ax.legend(handles=handles, loc=loc, bbox_to_anchor=(0, 0), ncols=len(handles), borderaxespad=0.2)


def _rows(ax: Any, labels: Sequence[str]) -> None:
    """Name rows, the first at the top."""
    ax.set_yticks(range(len(labels)), labels, color=INK)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.grid(False)


def matrix(ax: Any, frame: Any, marks: Mapping[Any, str] | None = None, iso3: Sequence[str] | None = None) -> None:
    """Show which row has what in which column, as a grid of dots.

    Parameters
    ----------
    ax
        Axes; allow 0.22 inches of height for each row.
    frame
        Index: labels of the rows; columns: headings; cells: a kind, or nothing for an empty cell.
    marks, iso3
        Colour of each kind, the palette in order of appearance by default; code of the State of each row.
    """
    cells = frame.to_numpy()
    kinds = [kind for kind in pd.unique(cells.ravel()) if pd.notna(kind) and kind not in ("", False)]
    colours = dict(marks or zip(kinds, palette(max(len(kinds), 1)), strict=True))
    shapes = dict(zip(colours, "osD^vP", strict=False))
    for y in range(len(frame)):
        ax.axhline(y, color=FAINT, linewidth=0.7, zorder=0)
    for kind, colour in colours.items():
        ys, xs = np.nonzero(cells == kind)
        if len(xs):
            line, = ax.plot(xs, ys, shapes[kind], color=colour, ms=7, linestyle="none", label=str(kind))
            mark(line, [f"{frame.index[y]}, {frame.columns[x]}: {kind}" for y, x in zip(ys, xs, strict=True)],
                 None if iso3 is None else [iso3[y] for y in ys])
    _rows(ax, [_two_lines(str(label), 30) for label in frame.index])
    for label in ax.get_yticklabels():
        if "\n" in label.get_text():
            label.set(size=7, linespacing=0.95)
    ax.set_xticks(range(len(frame.columns)), [_two_lines(str(c), 12) for c in frame.columns],
                  color=INK, size=9 if len(frame.columns) <= 5 else 7.5)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.set_xlim(-0.6, len(frame.columns) - 0.4)


def _two_lines(text: str, longest: int) -> str:
    """Break a text that is longer at the space nearest to its middle."""
    spaces = [k for k, letter in enumerate(text) if letter == " "]
    if len(text) < longest or not spaces:
        return text
    middle = min(spaces, key=lambda k: abs(k - len(text) / 2))
    return text[:middle] + "\n" + text[middle + 1:]


def bars(ax: Any, labels: Sequence[str], values: Sequence[float], colours: str | Sequence[str] | None = None,
         fmt: str = "{:,.6g}", iso3: Sequence[str] | None = None) -> None:
    """Show horizontal bars with their values, the first at the top.

    Parameters
    ----------
    ax
        Axes; allow 0.3 inches of height for each bar.
    labels, values, fmt
        Name and length of each bar; NaN is shown as a dash; format of the values.
    colours, iso3
        One colour, or one for each bar; code of the State of each.
    """
    known = [0 if value != value else value for value in values]
    drawn = ax.barh(range(len(labels)), known, color=colours or palette(2)[1], height=0.68)
    texts = ["–" if value != value else fmt.format(value) for value in values]
    ax.bar_label(drawn, texts, padding=4, color=INK)
    for bar, label, text, code in zip(drawn, labels, texts, iso3 or [""] * len(texts), strict=True):
        mark(bar, [f"{label}: {text}"], [code])
    _rows(ax, list(labels))
    ax.set(xlim=(0, max([*known, 1]) * 1.08), xticks=[])
    ax.spines["bottom"].set_visible(False)


def stacked_bars(ax: Any, frame: Any, colours: Sequence[str] | None = None) -> None:
    """Show horizontal bars made of parts, each part with its number, the first bar at the top.

    Parameters
    ----------
    ax
        Axes; allow 0.4 inches of height for each bar, and a line for the legend.
    frame, colours
        Index: labels of the bars; columns: names of the parts, in order; cells: numbers. One colour for each part.
    """
    starts, longest = frame.cumsum(axis=1) - frame, frame.sum(axis=1).max()
    for name, colour in zip(frame.columns, colours or palette(len(frame.columns)), strict=True):
        drawn = ax.barh(range(len(frame)), frame[name], left=starts[name], color=colour, height=0.68, label=str(name))
        for row, (bar, value, start) in enumerate(zip(drawn, frame[name], starts[name], strict=True)):
            mark(bar, [f"{frame.index[row]}, {name}: {value:,.6g}"])
            if value > 0.03 * longest:
                text = f"{value:,.6g}"
                inside(ax.text(start + value / 2, row, text, ha="center", va="center", color=text_on(colour)), value)
    _rows(ax, list(map(str, frame.index)))
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(frame.columns), borderaxespad=0.2)


def named_tiles(
    ax: Any, groups: Mapping[str, Sequence[str]], colours: Sequence[str] | None = None, across: bool = False
) -> None:
    """Show each group as a bar of tiles, each with a name, so that the bar both counts and names.

    Parameters
    ----------
    ax
        Axes over the whole width; allow 0.27 inches of height for each tile or row.
    groups, colours
        Names in each group, in the order of the groups; one colour for each, the palette's first two in turn by default.
    across
        Groups as rows that grow to the right, for many groups of few; columns otherwise.
    """
    colours = colours or [palette(2)[k % 2] for k in range(len(groups))]
    longest = max([len(names) for names in groups.values()] + [4 if across else 1])
    for place, ((group, names), colour) in enumerate(zip(groups.items(), colours, strict=True)):
        for k, name in enumerate(names):
            # A column stands on the ground and reads from its top.
            x, y = (k, place) if across else (place, len(names) - 1 - k)
            mark(ax.barh(y, 0.96, left=x - 0.48, height=0.86, color=colour)[0], [f"{name}: {group}"])
            text = ax.text(x, y, name, size=8, linespacing=1.0, ha="center", va="center", color=text_on(colour))
            inside(text, 0.96)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    if across:
        # A row without names is one of which nothing is on record, which is not a nought.
        _rows(ax, [f"{name}  {len(names) or '–'}" for name, names in groups.items()])
        ax.set(xlim=(-0.5, longest - 0.5), xticks=[])
    else:
        ax.grid(False)
        ax.set(xlim=(-0.5, len(groups) - 0.5), ylim=(-0.6, longest - 0.4), yticks=[])
        ax.set_xticks(range(len(groups)), [f"{name}\n{len(names)}" for name, names in groups.items()], color=INK)
        ax.tick_params(axis="x", length=0)
