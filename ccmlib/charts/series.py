"""Series over time with what is not known left open, and a heat table of coverage."""

from __future__ import annotations

import textwrap
from typing import Any

import pandas as pd
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import Rectangle

from ccmlib.charts.fitting import inside
from ccmlib.charts.labels import direct_label
from ccmlib.charts.marks import mark
from ccmlib.charts.style import FAINT, INK, MUTED, palette, text_on

#: Before this year the axis of a small chart has a mark every second year, every fifth from then on.
_SHORT = 2016
#: With so many columns a cell of a heat table has room for both of its numbers in one line.
_ONE_LINE = 9


def written(value: float, lower: float, upper: float, digits: int = 0) -> str:
    """Write what is known of a figure.

    Examples
    --------
    >>> nan = float("nan")
    >>> written(100, 100, 100), written(nan, 30, 32), written(nan, 4, nan), written(nan, nan, nan)
    ('100', '30–32', '≥ 4', '')
    """
    if not pd.isna(value):
        return f"{value:.{digits}f}"
    if pd.isna(lower):
        return "" if pd.isna(upper) else f"≤ {upper:.{digits}f}"
    return f"≥ {lower:.{digits}f}" if pd.isna(upper) else f"{lower:.{digits}f}–{upper:.{digits}f}"


def panel(ax: Any, series: Any, title: str, unit: str = "", marks: Any = (), dots: Any = None, unknown: str = "?") -> None:
    """Draw one figure over time: a line where it is known, a band where only its bounds are, nothing where nothing is.

    Parameters
    ----------
    ax
        Axes of a small multiple, about 2.4 by 1.3 inches.
    series
        By day: ``value``, ``lower`` and ``upper``; a lower bound without an upper one is drawn dotted.
    title
        What is counted.
    unit
        Unit, after the title.
    marks
        Days to mark on the line, such as the ends of the reporting periods.
    dots
        Values that a report printed, by day.
    unknown
        What to write at the end of a series of which nothing is told on its last day.
    """
    dark, blue, orange = palette(3)
    last = series.iloc[-1]
    alone = series["value"].notna() & series["value"].shift().isna() & series["value"].shift(-1).isna()
    marked = series.loc[alone | series.index.isin(marks), "value"].dropna()
    same = series.fillna(-1).diff().eq(0).all(axis=1)
    series = series[~(same & same.shift(-1, fill_value=False))]  # the corners of the steps are enough to draw them
    days, value, lower, upper = series.index, series["value"], series["lower"], series["upper"]
    between = lower.notna() & upper.notna()
    ax.fill_between(days, lower, upper, where=between, step="post", color=blue, alpha=0.22, linewidth=0)
    ax.step(days, lower.where(upper.isna()), where="post", color=blue, linewidth=1.4, linestyle=(0, (1, 1.6)))
    ax.step(days, value, where="post", color=dark, linewidth=1.8)
    if len(marked):
        ax.plot(marked.index, marked, "o", color=dark, markersize=3.2, clip_on=False)
    if dots is not None and len(dots):
        ax.plot(dots.index, dots, "D", color=orange, markersize=3.6, clip_on=False, zorder=3)
    ax.set_title("\n".join(textwrap.wrap(f"{title}, {unit}" if unit else title, 30)), loc="left", size=8.6, color=INK)
    ax.set_ylim(0, _top(series, dots))
    ax.set_xlim(pd.Timestamp(2008, 12, 3), max(days[-1], pd.Timestamp(2011, 1, 1)))
    every = 2 if days[-1].year < _SHORT else 5
    years = [year for year in range(2010, days[-1].year + 1) if year % every == 0]
    ax.set_xticks([pd.Timestamp(year, 1, 1) for year in years], map(str, years))
    ax.tick_params(labelsize=7.5)
    ax.locator_params(axis="y", nbins=3, integer=True)
    if text := written(*last[["value", "lower", "upper"]]):
        height = last["value"] if last.notna().all() else last[["lower", "upper"]].mean()
        direct_label(ax, days[-1], height, text, dark, offset=3, size=8, weight="bold")
    else:
        ax.text(0.97, 0.06, unknown, transform=ax.transAxes, ha="right", size=7.5, color=MUTED)


def heat(ax: Any, have: Any, should: Any, nothing: str = "") -> None:
    """Show how many of those that should have a value have one, as a table whose cells darken with the share.

    Parameters
    ----------
    ax
        Axes; allow 0.4 inches of height for each row.
    have, should
        Frames of the same rows and columns; a cell where none should have a value has no colour.
    nothing
        What to write in such a cell.
    """
    wide = len(have.columns) <= _ONE_LINE
    colours = LinearSegmentedColormap.from_list("coverage", ["#f3f6f9", palette(2)[1], palette(1)[0]])
    for y, row in enumerate(have.index):
        for x, column in enumerate(have.columns):
            count, whole = have.at[row, column], should.at[row, column]
            if not whole:
                ax.text(x, y, nothing, size=7.2, ha="center", va="center", color=MUTED)
                continue
            colour = to_hex(colours(count / whole))
            cell = Rectangle((x - 0.47, y - 0.45), 0.94, 0.9, facecolor=colour, edgecolor=FAINT, linewidth=0.5)
            ax.add_patch(mark(cell, [f"{row}, {column}: {count:.0f} / {whole:.0f}"]))
            text = f"{count:.0f} / {whole:.0f}" if wide else f"{count:.0f}\n/{whole:.0f}"
            inside(ax.text(x, y, text, size=7.8 if wide else 7.2, ha="center", va="center", color=text_on(colour),
                           linespacing=0.95), 0.94)
    ax.set_yticks(range(len(have)), ["\n".join(textwrap.wrap(str(row), 22)) for row in have.index], color=INK)
    ax.set_xticks(range(len(have.columns)), [str(column) for column in have.columns], color=MUTED)
    ax.xaxis.tick_top()
    ax.tick_params(axis="both", length=0)
    ax.spines["bottom"].set_visible(False)
    ax.grid(False)
    ax.set(xlim=(-0.55, len(have.columns) - 0.45), ylim=(len(have) - 0.45, -0.55))


def fan(ax: Any, history: Any, path: Any, label: str, colour: str, dashed: bool = False) -> None:
    """Draw a forecast that goes on from a series, with its interval.

    Parameters
    ----------
    ax
        Axes.
    history
        Values by day; the forecast starts at the last.
    path
        ``on``, ``value``, ``lower``, ``upper``; bounds may be missing.
    label
        Name in the legend.
    colour
        Colour of line and band.
    dashed
        Whether the line is dashed.
    """
    days = [history.index[-1], *path["on"]]
    start = history.iloc[-1]
    bounds = [[start, *path[column]] for column in ("lower", "upper")]
    ax.fill_between(days, *bounds, color=colour, alpha=0.16, linewidth=0)
    line = (0, (4, 2)) if dashed else "-"
    ax.plot(days, [start, *path["value"]], color=colour, linewidth=1.8, linestyle=line, label=label)


def _top(series: Any, dots: Any) -> float:
    highest = series[["value", "lower", "upper"]].max().max()
    if dots is not None and len(dots):
        highest = max(highest, dots.max())
    return 1.0 if pd.isna(highest) or highest == 0 else 1.12 * highest
