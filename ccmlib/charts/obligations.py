"""Charts of obligations: bars with deadlines, and how many were open over time."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Sequence
from typing import Any

import pandas as pd
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from ccmlib.charts.kinds import mark_day
from ccmlib.charts.labels import direct_label
from ccmlib.charts.marks import mark
from ccmlib.charts.style import INK, MUTED, STATUS

#: Words of the legend of `obligations_timeline`; ``vague``: the day of the end is only known as "by" some day.
LEGEND = {
    "open": "Current obligation", "passed": "Deadline passed, no end on record",
    "unknown": "Open or ended: not published", "ended": "Ended", "vague": "Ended by this day or earlier",
    "deadline": "Deadline", "extended": "Extended deadline", "requested": "Extension asked for",
}


def obligations_timeline(ax: Any, frame: Any, today: Any, today_label: str, labels: Callable[[str], str] = str) -> None:
    """Show each State's obligation from its beginning to its end or the day, with its deadline and extensions.

    Parameters
    ----------
    ax
        Axes; allow 0.18 inches of height for each row and 0.8 for the legend.
    frame
        Rows of ``standing.on_day`` and ``state``, the name; in the order from top to bottom.
    today
        Day up to which open obligations are drawn.
    today_label
        Words at that day.
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
    for kind, colour in _BARS.items():
        rows = frame[kinds[kind]]
        bar = ax.hlines(rows["y"], rows["since"], rows["to"].clip(lower=rows["since"]), colors=colour, **_bar(kind))
        told = [f"{row.state}: {labels(LEGEND[kind])}" + ("" if pd.isna(row.deadline_on) else
                f"; {labels(LEGEND['deadline'])} {row.deadline_on:%Y-%m-%d}") for row in rows.itertuples()]
        mark(bar, told, rows.get("iso3"))
    for kind, look in {"ended": _DONE, "vague": _VAGUE}.items():
        ax.plot(frame["to"][kinds[kind]], frame["y"][kinds[kind]], ls="none", **look)
    rows = frame[kinds["extended"]]
    ax.hlines(rows["y"], rows["treaty_deadline_on"], rows["deadline_on"], colors=INK, linewidth=1)
    ax.plot(rows["treaty_deadline_on"], rows["y"], "|", color=INK, ms=5, mew=1)
    ax.plot(frame["requested_on"], frame["y"], ls="none", **_ASKED)
    ax.plot(frame["deadline_on"][is_open], frame["y"][is_open], ls="none", **_DEADLINE)
    faint = _DEADLINE | {"color": "#aab5be", "ms": 6}
    ax.plot(frame["deadline_on"][~is_open], frame["y"][~is_open], ls="none", **faint)
    for row in frame[is_open & frame["deadline_on"].notna()].itertuples():
        _month(ax, row.deadline_on, today if row.passed else row.deadline_on, row.y)
    for row in frame[kinds["requested"]].itertuples():
        _month(ax, row.requested_on, row.requested_on, row.y)
    _frame(ax, frame, today, today_label)
    _legend(ax, [kind for kind in LEGEND if kind == "deadline" or kinds[kind].any()], labels)


_BARS = {"open": STATUS["open"], "passed": STATUS["late"], "unknown": MUTED, "ended": STATUS["done"], "vague": STATUS["none"]}
_DONE = {"marker": "o", "color": STATUS["done"], "ms": 6, "mec": "white", "mew": 0.8}
_VAGUE = {"marker": "o", "mfc": "white", "mec": MUTED, "mew": 1, "ms": 5}
_ASKED = {"marker": "D", "mfc": "white", "mec": INK, "mew": 1, "ms": 4.5}
_DEADLINE = {"marker": "|", "color": INK, "ms": 9, "mew": 1.6}


def _month(ax: Any, day: Any, at: Any, y: float) -> None:
    """Write a month to the right of a mark."""
    ax.annotate(f"{day:%Y-%m}", (at, y), xytext=(6, 0), textcoords="offset points", va="center", size=7.5, color=INK)


def _name_rows(ax: Any, names: Sequence[str], size: float) -> None:
    """Name the rows of a chart, long names on two lines."""
    wrapped = ["\n".join(textwrap.wrap(name, max(27, len(name) // 2 + 6))) for name in names]
    ax.set_yticks(range(len(names)), wrapped, color=INK)
    for tick in ax.get_yticklabels():
        tick.set(size=size if "\n" not in tick.get_text() else 6.2, linespacing=0.85)


def _bar(kind: str) -> dict[str, Any]:
    """Give the look of a bar; what cannot be told is a dotted line and no bar."""
    return {"linewidth": 1.4, "linestyle": ":"} if kind == "unknown" else {"linewidth": 5, "capstyle": "butt"}


def _frame(ax: Any, frame: Any, today: Any, today_label: str) -> None:
    """Name the rows, mark the day, and leave room for the dates beside the deadlines."""
    _name_rows(ax, list(frame["state"]), 8.5)
    ax.set_ylim(len(frame) - 0.4, -0.7)
    ax.grid(False)
    ax.grid(True, axis="x")
    first, last = frame["since"].min(), frame[["deadline_on", "requested_on", "to"]].max().max()
    ax.set_xlim(first - (last - first) * 0.02, last + (last - first) * 0.11)
    mark_day(ax, today, today_label)


def _legend(ax: Any, kinds: list[str], labels: Callable[[str], str]) -> None:
    looks = {kind: {"color": colour, "lw": 5, "solid_capstyle": "butt"} for kind, colour in _BARS.items()}
    looks["unknown"] = {"color": MUTED, "lw": 1.4, "ls": ":"}
    looks |= {"deadline": _DEADLINE | {"ls": "none"}, "requested": _ASKED | {"ls": "none"},
              "extended": {"color": INK, "lw": 1, "marker": "|", "ms": 7}}
    looks["ended"] |= {"marker": "o", "ms": 6, "mec": "white"}
    looks["vague"] |= {"marker": "o", "mfc": "white", "mec": MUTED, "ms": 5}
    handles = [Line2D([], [], label=labels(LEGEND[kind]), **looks[kind]) for kind in kinds]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, 0), borderaxespad=2.4, ncols=2, fontsize=8,
              handlelength=2.2)


def bounds(ax: Any, counted: Any, label: str, colour: str, between: str = "") -> None:
    """Draw a count over time as steps, with a band where the sources leave room between two bounds.

    Parameters
    ----------
    ax
        Axes.
    counted
        By day: ``lower`` and ``upper``.
    label
        Name of the line, written at its end with the last value or the last two bounds.
    colour
        Colour of line and band.
    between
        Words for the band, written where it is widest.
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
