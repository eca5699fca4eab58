"""Series over time, with what is not known left open."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping
from typing import Any

import pandas as pd

from ccmlib.charts.fitting import direct_label
from ccmlib.charts.style import INK, MUTED, STATUS, palette
from ccmlib.charts.svg import mark

#: Before this year the axis of a small chart has a mark every second year, every fifth from then on.
_SHORT = 2016


def written(value: float, lower: float, upper: float) -> str:
    """Write what is known of a figure.

    Examples
    --------
    >>> nan = float("nan")
    >>> written(100, 100, 100), written(nan, 30, 32), written(nan, 4, nan), written(nan, nan, nan)
    ('100', '30–32', '≥ 4', '')
    >>> written(nan, 0, nan)  # that it is not less than nothing is not known of it, but so of any number
    ''
    """
    if not pd.isna(value):
        return f"{value:.0f}"
    if pd.isna(lower) or (pd.isna(upper) and not lower):
        return "" if pd.isna(upper) else f"≤ {upper:.0f}"
    return f"≥ {lower:.0f}" if pd.isna(upper) else f"{lower:.0f}–{upper:.0f}"


def dates(ax: Any, told: Any, ahead: Any, today: Any, parts: Mapping[str, str]) -> None:
    """Show dates in rows: filled where it was on that day, hollow where it was by that day, light where it is still to come.

    Parameters
    ----------
    ax
        Axes, about 7.6 by 2.6 inches.
    told, ahead, today
        Rows with ``part``, ``said``, what and when as exactly as it is known, and ``first_on`` and ``last_on``, or ``on``;
        the day that parts them.
    parts
        Heading of each part, the first at the top.
    """
    place = {part: -number for number, part in enumerate(parts)}
    exact, done = told["first_on"] == told["last_on"], {"edgecolors": STATUS["done"], "linewidths": 1.4}
    ahead = ahead.assign(last_on=ahead["on"])
    for rows, look in ((told[exact], {"facecolors": STATUS["done"], **done}), (told[~exact], {"facecolors": "none", **done}),
                       (ahead, {"color": STATUS["open"], "marker": "d"})):
        drawn = ax.scatter(rows["last_on"], rows["part"].map(place), s=46, zorder=3, **look)
        mark(drawn, rows["said"])
    ax.axvline(today, color=STATUS["late"], linewidth=1)
    ax.set_yticks(list(place.values()), list(parts.values()))
    ax.set_ylim(-len(place) + 0.4, 0.6)


def panel(ax: Any, series: Any, title: str, unit: str = "", marks: Any = (), dots: Any = (), unknown: str = "?") -> None:
    """Draw one figure over time: a line where it is known, a band where only its bounds are, nothing where nothing is.

    Parameters
    ----------
    ax
        Axes of a small multiple, about 2.4 by 1.3 inches.
    series
        By day: ``value``, ``lower`` and ``upper``; a lower bound without an upper one is drawn dotted.
    title, unit
        What is counted, and its unit, written after it.
    marks, dots
        Days to mark on the line, such as the ends of the reporting periods; series of values that a report printed, by day.
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
    if len(dots):
        ax.plot(dots.index, dots, "D", color=orange, markersize=3.6, clip_on=False, zorder=3)
    ax.set_title("\n".join(textwrap.wrap(f"{title}, {unit}" if unit else title, 30)), loc="left", size=8.6, color=INK)
    highest = pd.Series([*series[["value", "lower", "upper"]].max(), *dots]).max()
    ax.set_ylim(0, 1.12 * highest if highest > 0 else 1)
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
