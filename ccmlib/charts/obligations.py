"""Charts of obligations: bars with deadlines, and how many were open over time."""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ccmlib.charts.fitting import direct_label
from ccmlib.charts.style import INK, MUTED, STATUS
from ccmlib.charts.svg import mark

#: Words of the legend of `obligations_timeline`; ``vague``: the day of the end is only known as "by" some day.
LEGEND = {
    "open": "Current obligation", "passed": "Deadline passed, no end on record",
    "unknown": "Open or ended: not published", "ended": "Ended", "vague": "Ended by this day or earlier",
    "deadline": "Deadline", "extended": "Extended deadline", "requested": "Extension asked for",
}
#: Bars; what cannot be told is a dotted line and no bar.
_BARS = {"open": STATUS["open"], "passed": STATUS["late"], "unknown": MUTED, "ended": STATUS["done"], "vague": STATUS["none"]}
#: Markers: end of a bar, deadlines, extensions.
_MARKERS = {
    "ended": {"marker": "o", "color": STATUS["done"], "ms": 6, "mec": "white", "mew": 0.8},
    "vague": {"marker": "o", "mfc": "white", "mec": MUTED, "mew": 1, "ms": 5},
    "deadline": {"marker": "|", "color": INK, "ms": 9, "mew": 1.6},
    "requested": {"marker": "D", "mfc": "white", "mec": INK, "mew": 1, "ms": 4.5},
}


def obligations_timeline(ax: Any, frame: Any, today: Any, today_label: str, labels: Callable[[str], str] = str) -> None:
    """Show each State's obligation from its beginning to its end or the day, with its deadline and extensions.

    Parameters
    ----------
    ax
        Axes; allow 0.18 inches of height for each row and 0.8 for the legend.
    frame
        Rows of ``on_day.obligations`` and ``state``, the name; in the order from top to bottom.
    today, today_label
        Day up to which open obligations are drawn, and words at that day.
    labels
        Translates the words of `LEGEND`.
    """
    ended, is_open = frame["standing"] == "ended", frame["standing"] == "open"
    vague = ended & (frame["ended_precision"] == "by")
    kinds = {
        "open": is_open & ~frame["passed"], "passed": frame["passed"], "unknown": frame["standing"] == "unknown",
        "ended": ended & ~vague, "vague": vague, "extended": frame["extended"] & is_open,
        "requested": frame["requested_on"].notna()}
    frame = frame.assign(y=range(len(frame)), to=frame["last_end_on"].where(~is_open).clip(upper=today).fillna(today))

    def points(column: str, rows: Any, **look: Any) -> None:
        ax.plot(frame.loc[rows, column], frame.loc[rows, "y"], ls="none", **look)

    for kind, colour in _BARS.items():
        rows = frame[kinds[kind]]
        look = {"linewidth": 1.4, "linestyle": ":"} if kind == "unknown" else {"linewidth": 5, "capstyle": "butt"}
        bar = ax.hlines(rows["y"], rows["since"], rows["to"].clip(lower=rows["since"]), colors=colour, **look)
        told = [f"{row.state}: {labels(LEGEND[kind])}" + ("" if pd.isna(row.deadline_on) else
                f"; {labels(LEGEND['deadline'])} {row.deadline_on:%Y-%m-%d}") for row in rows.itertuples()]
        mark(bar, told, rows.get("iso3"))
    for kind in ("ended", "vague"):
        points("to", kinds[kind], **_MARKERS[kind])
    rows = frame[kinds["extended"]]
    ax.hlines(rows["y"], rows["treaty_deadline_on"], rows["deadline_on"], colors=INK, linewidth=1)
    points("treaty_deadline_on", kinds["extended"], marker="|", color=INK, ms=5, mew=1)
    points("requested_on", slice(None), **_MARKERS["requested"])
    points("deadline_on", is_open, **_MARKERS["deadline"])
    points("deadline_on", ~is_open, **_MARKERS["deadline"] | {"color": "#aab5be", "ms": 6})
    months = [(row.deadline_on, today if row.passed else row.deadline_on, row.y)
              for row in frame[is_open & frame["deadline_on"].notna()].itertuples()]
    months += [(row.requested_on, row.requested_on, row.y) for row in frame[kinds["requested"]].itertuples()]
    for day, at, y in months:
        ax.annotate(f"{day:%Y-%m}", (at, y), xytext=(6, 0), textcoords="offset points", va="center", size=7.5, color=INK)
    _frame(ax, frame, today, today_label)
    _legend(ax, [kind for kind in LEGEND if kind == "deadline" or kinds[kind].any()], labels)


def _frame(ax: Any, frame: Any, today: Any, today_label: str) -> None:
    """Name the rows, long names on two lines, mark the day, and leave room for the dates beside the deadlines."""
    names = ["\n".join(textwrap.wrap(name, max(27, len(name) // 2 + 6))) for name in frame["state"]]
    ax.set_yticks(range(len(names)), names, color=INK)
    for tick in ax.get_yticklabels():
        tick.set(size=8.5 if "\n" not in tick.get_text() else 6.2, linespacing=0.85)
    ax.set_ylim(len(frame) - 0.4, -0.7)
    ax.grid(False)
    ax.grid(True, axis="x")
    first, last = frame["since"].min(), frame[["deadline_on", "requested_on", "to"]].max().max()
    ax.set_xlim(first - (last - first) * 0.02, last + (last - first) * 0.11)
    ax.axvline(today, color=MUTED, linewidth=1, linestyle=(0, (3, 2)), zorder=0)
    ax.annotate(today_label, (today, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
                textcoords="offset points", size=8, color=MUTED, ha="center", va="bottom")


def _legend(ax: Any, kinds: list[str], labels: Callable[[str], str]) -> None:
    looks = {kind: {"color": colour, "lw": 5, "solid_capstyle": "butt"} for kind, colour in _BARS.items()}
    looks["unknown"] = {"color": MUTED, "lw": 1.4, "ls": ":"}
    looks |= {kind: {"ls": "none", **_MARKERS[kind]} for kind in ("deadline", "requested")}
    looks["extended"] = {"color": INK, "lw": 1, "marker": "|", "ms": 7}
    looks["ended"] |= {"marker": "o", "ms": 6, "mec": "white"}
    looks["vague"] |= {"marker": "o", "mfc": "white", "mec": MUTED, "ms": 5}
    handles = [Line2D([], [], label=labels(LEGEND[kind]), **looks[kind]) for kind in kinds]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2.4, ncols=2, fontsize=8,
              handlelength=2.2)


def bounds(ax: Any, counted: Any, label: str, colour: str, between: str = "") -> None:
    """Draw a count over time as steps, with a band where the sources leave room between two bounds.

    ``counted`` has ``lower`` and ``upper`` by day. The ``label`` is written at the end, with the last value or the last two
    bounds; words for the band, ``between``, where it is widest.
    """
    days, lower, upper = counted.index, counted["lower"], counted["upper"]
    ax.fill_between(days, lower, upper, step="post", color=colour, alpha=0.22, linewidth=0)
    for bound in (lower, upper):
        ax.step(days, bound, where="post", color=colour, linewidth=0.8, linestyle=(0, (4, 2)))
    ax.step(days, lower.where(lower == upper), where="post", color=colour)
    low, high = lower.iloc[-1], upper.iloc[-1]
    last = f"{high:.0f}" if low == high else f"{low:.0f}–{high:.0f}"
    direct_label(ax, days[-1], (low + high) / 2, f"{label} {last}", colour, weight="bold")
    ax.yaxis.set_major_locator(MaxNLocator(integer=True))
    room = upper - lower
    if between and room.max() > 2:
        across = max(3, len(days) // 3) | 1  # more than the width of the words, and as many days before as after
        day = room.rolling(across, center=True).min().fillna(0).idxmax()
        ax.text(day, (lower[day] + upper[day]) / 2, between, size=8, ha="center", va="center", color=INK)
