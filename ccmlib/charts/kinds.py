"""Kinds of chart that several notebooks need: tiles of all States, matrix, bars, tiles with names."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.collections import PolyCollection
from matplotlib.patches import Patch

from ccmlib.charts.fitting import inside
from ccmlib.charts.marks import mark
from ccmlib.charts.style import FAINT, INK, MUTED, palette, text_on
from ccmlib.language.languages import capital

#: Subregions of each region, from north to south; tiles stand about where the States are.
_REGIONS = {
    "Americas": (7, ("Northern America", "Central America", "Caribbean", "South America")),
    "Europe": (10, ("Northern Europe", "Eastern Europe", "Western Europe", "Southern Europe")),
    "Africa": (10, ("Northern Africa", "Western Africa", "Middle Africa", "Eastern Africa", "Southern Africa")),
    "Asia": (9, ("Central Asia", "Eastern Asia", "Western Asia", "Southern Asia", "South-eastern Asia")),
    "Oceania": (9, ("Micronesia", "Melanesia", "Polynesia", "Australia and New Zealand")),
}
#: Columns of regions, from west to east, and the space between them in tiles.
_COLUMNS = (("Americas",), ("Europe", "Africa"), ("Asia", "Oceania"))
_BETWEEN = 1.0


def tile_map(
    ax: Any, frame: Any, colours: Mapping[str, str], status: str = "status", labels: Callable[[str], str] = str
) -> dict[str, tuple[float, float]]:
    """Show every State as one tile of the same size, so that small island States are seen.

    Parameters
    ----------
    ax
        Axes, about 7.6 by 4.6 inches.
    frame
        One row for each State: ``iso3``, ``state``, its name, ``m49_region`` and ``m49_subregion``, by which tiles are
        gathered, and its status.
    colours
        Colour of each status, in the order of the legend.
    status
        Column with the status.
    labels
        Translates the regions' names.

    Returns
    -------
    dict
        Place of each State's tile, by ISO3.

    Raises
    ------
    ValueError
        If a status has no colour or a region no place.
    """
    strange = sorted(set(frame[status]) - set(colours)) + sorted(set(frame["m49_region"]) - set(_REGIONS))
    if strange:
        raise ValueError(f"tile map: no colour or place for {', '.join(map(str, strange))}")
    places, headings, bottoms = _places(frame)
    for (x, y), region_name, count, across in headings:
        heading = f"{labels(region_name)}  {count}"
        inside(ax.text(x - 0.45, y, heading, size=8.5, weight="bold", color=MUTED, va="center"), across)
    for kind, colour in colours.items():
        of = frame[frame[status] == kind]
        if len(of):
            squares = _squares(ax, [places[iso3] for iso3 in of["iso3"]], colour)
            mark(squares, [f"{state}: {kind}" for state in of["state"]], of["iso3"])
        for iso3 in of["iso3"]:
            inside(ax.text(*places[iso3], iso3, size=6, ha="center", va="center", color=text_on(colour)), 0.9)
    counted_legend(ax, frame[status], colours)
    across = sum(max(_REGIONS[name][0] for name in column) for column in _COLUMNS)
    ax.set(xlim=(-0.5, across + 2 * _BETWEEN - 0.5), ylim=(min(bottoms) - 0.5, 1.4))
    ax.set_aspect("equal", anchor="NW")
    ax.axis("off")
    return places


def counted_legend(ax: Any, statuses: Any, colours: Mapping[str, str], patterns: Mapping[str, str] | None = None,
                   labels: Callable[[str], str] = str, **look: Any) -> None:
    """Write below a map what its colours mean, each with the number of its States."""
    counts = statuses.value_counts()
    handles = [Patch(facecolor=colour, edgecolor=MUTED, linewidth=0.4, hatch=(patterns or {}).get(kind),
                     label=f"{counts.get(kind, 0)}\u00a0 {capital(labels(kind))}") for kind, colour in colours.items()]
    ax.legend(**{"handles": handles, "loc": "upper left", "bbox_to_anchor": (0, 0), "ncols": len(handles),
                 "borderaxespad": 0.2, **look})


def _places(frame: Any) -> tuple[dict, list, list[float]]:
    """Give each State a tile: regions in columns, subregions one below the other."""
    places: dict[str, tuple[float, float]] = {}
    headings, bottoms, left = [], [], 0.0
    for column in _COLUMNS:
        row = 0.0
        for name in column:
            across, order = _REGIONS[name]
            here = frame[frame["m49_region"] == name]
            headings.append(((left, 0.8 - row), name, len(here), across))
            parts = [p for p in order if (here["m49_subregion"] == p).any()]
            parts += sorted(set(here["m49_subregion"]) - set(order))
            for part in parts:
                codes = sorted(here.loc[here["m49_subregion"] == part, "iso3"])
                for k, iso3 in enumerate(codes):
                    places[iso3] = (left + k % across, -(row + k // across))
                row += (len(codes) - 1) // across + 1
            bottoms.append(1 - row)
            row += 1.6
        left += max(_REGIONS[name][0] for name in column) + _BETWEEN
    return places, headings, bottoms


def _squares(ax: Any, centres: Sequence[tuple[float, float]], colour: str) -> Any:
    half = 0.45
    corners = [(-half, -half), (half, -half), (half, half), (-half, half)]
    squares = [[(x + dx, y + dy) for dx, dy in corners] for x, y in centres]
    return ax.add_collection(PolyCollection(squares, facecolors=colour, edgecolors="#aab5be", linewidths=0.5))


def mark_day(ax: Any, day: Any, words: str) -> None:
    """Draw a line at a day, with words above it."""
    ax.axvline(day, color=MUTED, linewidth=1, linestyle=(0, (3, 2)), zorder=0)
    ax.annotate(words, (day, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                textcoords="offset points", size=8, color=MUTED, ha="center", va="bottom")


def matrix(ax: Any, frame: Any, marks: Mapping[Any, str] | None = None, iso3: Sequence[str] | None = None) -> None:
    """Show which row has what in which column, as a grid of dots.

    Parameters
    ----------
    ax
        Axes; allow 0.22 inches of height for each row.
    frame
        Index: labels of the rows; columns: headings; cells: a kind, or nothing for an empty cell.
    marks
        Colour of each kind; the palette in order of appearance by default.
    iso3
        Code of the State of each row.
    """
    kinds = [k for k in pd.unique(frame.to_numpy().ravel()) if pd.notna(k) and k not in ("", False)]
    colours = dict(marks or zip(kinds, palette(max(len(kinds), 1)), strict=True))
    shapes = dict(zip(colours, "osD^vP", strict=False))
    for y in range(len(frame)):
        ax.axhline(y, color=FAINT, linewidth=0.7, zorder=0)
    for kind, colour in colours.items():
        points = [(x, y) for y in range(len(frame)) for x in range(len(frame.columns)) if frame.iat[y, x] == kind]
        if points:
            line, = ax.plot(*zip(*points, strict=True), shapes[kind], color=colour, ms=7, linestyle="none",
                            label=str(kind))
            mark(line, [f"{frame.index[y]}, {frame.columns[x]}: {kind}" for x, y in points],
                 [iso3[y] for _, y in points] if iso3 is not None else None)
    ax.set_yticks(range(len(frame)), [_two_lines(str(label), 30) for label in frame.index], color=INK)
    for label in ax.get_yticklabels():
        if "\n" in label.get_text():
            label.set(size=7, linespacing=0.95)
    ax.set_xticks(range(len(frame.columns)), [_two_lines(str(c), 12) for c in frame.columns],
                  color=INK, size=9 if len(frame.columns) <= 5 else 7.5)
    ax.xaxis.tick_top()
    ax.tick_params(axis="x", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.set(xlim=(-0.6, len(frame.columns) - 0.4), ylim=(len(frame) - 0.4, -0.6))
    ax.grid(False)


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
    labels
        Name of each bar.
    values
        Length of each bar; NaN is shown as a dash.
    colours
        One colour, or one for each bar.
    fmt
        Format of the values.
    iso3
        Code of the State of each bar.
    """
    known = [0 if value != value else value for value in values]
    texts = ["–" if value != value else fmt.format(value) for value in values]
    drawn = ax.barh(range(len(labels)), known, color=colours or palette(2)[1], height=0.68)
    for row, (bar, label, text) in enumerate(zip(drawn, labels, texts, strict=True)):
        mark(bar, [f"{label}: {text}"], None if iso3 is None else [iso3[row]])
        ax.annotate(text, (max(known[row], 0), row), xytext=(4, 0), textcoords="offset points", va="center", color=INK)
    ax.set_yticks(range(len(labels)), list(labels), color=INK)
    ax.set_ylim(len(labels) - 0.4, -0.6)
    ax.set_xlim(0, max([*known, 1]) * 1.08)
    ax.set_xticks([])
    ax.spines["bottom"].set_visible(False)
    ax.grid(False)


def stacked_bars(ax: Any, frame: Any, colours: Sequence[str] | None = None) -> None:
    """Show horizontal bars made of parts, each part with its number, the first bar at the top.

    Parameters
    ----------
    ax
        Axes; allow 0.4 inches of height for each bar, and a line for the legend.
    frame
        Index: labels of the bars; columns: names of the parts, in order; cells: numbers.
    colours
        One colour for each part; the palette by default.
    """
    colours = colours or palette(len(frame.columns))
    starts = [0.0] * len(frame)
    for name, colour in zip(frame.columns, colours, strict=True):
        values = list(frame[name])
        drawn = ax.barh(range(len(frame)), values, left=starts, color=colour, height=0.68, label=str(name))
        for row, (bar, value) in enumerate(zip(drawn, values, strict=True)):
            mark(bar, [f"{frame.index[row]}, {name}: {value:,.6g}"])
            if value > 0.03 * frame.sum(axis=1).max():
                number = ax.text(starts[row] + value / 2, row, f"{value:,.6g}", ha="center", va="center")
                number.set_color(text_on(colour))
                inside(number, value)
        starts = [start + value for start, value in zip(starts, values, strict=True)]
    ax.set_yticks(range(len(frame)), [str(label) for label in frame.index], color=INK)
    ax.set_ylim(len(frame) - 0.4, -0.6)
    ax.grid(False)
    ax.legend(loc="lower left", bbox_to_anchor=(0, 1.0), ncols=len(frame.columns), borderaxespad=0.2)


def named_tiles(
    ax: Any, groups: Mapping[str, Sequence[str]], colours: Sequence[str] | None = None, across: bool = False
) -> None:
    """Show each group as a bar of tiles, each with a name, so that the bar both counts and names.

    Parameters
    ----------
    ax
        Axes over the whole width; allow 0.27 inches of height for each tile or row.
    groups
        Names in each group, in the order of the groups.
    colours
        One colour for each group; the palette's first two in turn by default.
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
    ax.grid(False)
    for side in ("left", "bottom"):
        ax.spines[side].set_visible(False)
    # A row without names is one of which nothing is on record, which is not a nought.
    heads = [f"{name}  {len(names) or '–'}" if across else f"{name}\n{len(names)}" for name, names in groups.items()]
    if across:
        ax.set(xlim=(-0.5, longest - 0.5), ylim=(len(groups) - 0.4, -0.6), xticks=[])
        ax.set_yticks(range(len(groups)), heads, color=INK)
    else:
        ax.set(xlim=(-0.5, len(groups) - 0.5), ylim=(-0.6, longest - 0.4), yticks=[])
        ax.set_xticks(range(len(groups)), heads, color=INK)
        ax.tick_params(axis="x", length=0)
