"""Charts of obligations and of what was published about them: bars with deadlines, stems by year."""

from __future__ import annotations

from typing import Any

from matplotlib.lines import Line2D

from ccmlib.charts.kinds import timeline
from ccmlib.charts.style import FAINT, INK, MUTED, STATUS, palette

_BAR = {"linewidth": 5, "solid_capstyle": "butt"}


def obligations_timeline(ax: Any, frame: Any, labels: dict[str, str], today: Any, today_label: str) -> None:
    """
    Show each State's obligation from its beginning to its end or the day, with its deadline and extensions.

    Parameters
    ----------
    ax
        Axes; allow 0.19 inches of height for each row and 0.6 for the legend.
    frame
        Rows of ``standing.on_day`` and ``state``, the name; in the order from top to bottom.
    labels
        Words of the legend, by ``open``, ``ended``, ``vague``, ``passed``, ``deadline``, ``extended``, ``requested``.
    today
        Day up to which open obligations are drawn.
    today_label
        Words at that day.
    """
    exact = (frame["standing"] == "ended") & (frame["ended_precision"] != "by")
    vague = (frame["standing"] == "unknown") | (frame["standing"] == "ended") & ~exact
    shown = frame.assign(end=frame["last_end_on"].where(frame["standing"] == "ended"))
    timeline(ax, shown, end="end", deadline="deadline_on", today=today, today_label=today_label)
    rows = {name: [k for k, is_so in enumerate(mask) if is_so] for name, mask in {
        "open": (frame["standing"] == "open") & ~frame["passed"], "ended": exact, "vague": vague, "passed": frame["passed"],
        "extended": frame["extended"], "requested": frame["requested_on"].notna()}.items()}
    end = frame["last_end_on"].clip(upper=today)
    at = frame.iloc[rows["vague"]]
    ax.hlines(rows["vague"], at["since"], end.iloc[rows["vague"]], colors=STATUS["none"], linewidth=5.4)
    ax.plot(end.iloc[rows["vague"]], rows["vague"], "o", mfc="white", mec=MUTED, mew=1, ms=5)
    at = frame.iloc[rows["extended"]]
    ax.hlines(rows["extended"], at["treaty_deadline_on"], at["deadline_on"], colors=INK, linewidth=1)
    ax.plot(at["treaty_deadline_on"], rows["extended"], "|", color=MUTED, ms=6, mew=1.2)
    ax.plot(frame["requested_on"].iloc[rows["requested"]], rows["requested"], "D", mfc="white", mec=INK, mew=1, ms=4.5)
    for k in rows["open"] + rows["passed"]:
        last = max(day for day in (frame["deadline_on"].iloc[k], frame["requested_on"].iloc[k]) if day == day)
        ax.annotate(f"{frame['deadline_on'].iloc[k]:%Y-%m}", (last, k), xytext=(6, 0), textcoords="offset points",
                    va="center", size=7, color=MUTED)
    ax.margins(x=0.06)
    _legend(ax, [name for name in labels if rows.get(name) or name == "deadline"], labels)


def _legend(ax: Any, kinds: list[str], labels: dict[str, str]) -> None:
    bar = {"open": STATUS["open"], "ended": STATUS["done"], "vague": STATUS["none"], "passed": STATUS["late"]}
    looks = {
        **{kind: {"color": colour, **_BAR} for kind, colour in bar.items()},
        "deadline": {"color": INK, "marker": "|", "ms": 9, "mew": 1.6, "ls": "none"},
        "extended": {"color": INK, "lw": 1, "marker": "|", "ms": 7},
        "requested": {"marker": "D", "mfc": "white", "mec": INK, "ms": 4.5, "ls": "none"},
    }
    looks["ended"] |= {"marker": "o", "mfc": STATUS["done"], "mec": "white", "ms": 6}
    looks["vague"] |= {"marker": "o", "mfc": "white", "mec": MUTED, "ms": 5}
    handles = [Line2D([], [], label=labels[kind], **looks[kind]) for kind in kinds]
    ax.legend(handles=handles, loc="upper left", bbox_to_anchor=(0, -0.045 * 20 / max(len(ax.get_yticks()), 8)), ncols=2,
              fontsize=8, handlelength=2.2, borderaxespad=0.6)


def bounds(ax: Any, counted: Any, label: str, colour: str, between: str = "") -> None:
    """
    Draw a count over time as steps, with a band where the sources leave room between two bounds.

    Parameters
    ----------
    ax
        Axes.
    counted
        By day: ``lower`` and ``upper``.
    label
        Name of the line, written at its end.
    colour
        Colour of line and band.
    between
        Words for the band, written where it is widest.
    """
    days = counted.index
    ax.fill_between(days, counted["lower"], counted["upper"], step="post", color=colour, alpha=0.22, linewidth=0)
    agree = counted["lower"].where(counted["lower"] == counted["upper"])
    ax.step(days, counted["lower"], where="post", color=colour, linewidth=1, linestyle=(0, (4, 2)))
    ax.step(days, agree, where="post", color=colour, label=label)
    room = counted["upper"] - counted["lower"]
    if between and room.max() > 2:
        # The middle of the widest stretch, where the words have most room.
        widest = days[room == room.max()]
        day = widest[len(widest) // 2]
        ax.text(day, (counted.loc[day, "lower"] + counted.loc[day, "upper"]) / 2, between, size=8, ha="center", va="center",
                color=INK)


def year_stems(ax: Any, frame: Any, first: int, last: int, name: str = "state", kinds: str = "kind") -> None:
    """
    Show published quantities State by State as stems in time; where nothing was published there is nothing.

    Parameters
    ----------
    ax
        Axes; allow 0.5 inches of height for each State.
    frame
        ``on`` (date), ``value``, ``shown`` (the value as text) and the columns below. Each row of the chart has its own scale.
    first, last
        First and last year of the axis.
    name, kinds
        Columns with the row's label and with what tells the marks apart (up to four values).
    """
    import pandas as pd

    states = list(dict.fromkeys(frame[name]))
    wanted = list(dict.fromkeys(frame[kinds]))
    marks = dict(zip(wanted, zip("osD^", palette(4), strict=True), strict=False))
    span = pd.Timedelta(days=365.25 * (last - first + 1))
    for row, state in enumerate(states):
        part = frame[frame[name] == state].sort_values("on")
        height = 0.62 * part["value"] / max(part["value"].max(), 1e-9)
        ax.axhline(row, color=FAINT, linewidth=0.9, zorder=0)
        for kind, (shape, colour) in marks.items():
            of = part[kinds] == kind
            ax.vlines(part["on"][of], row - height[of], row, colors=colour, linewidth=1.6)
            ax.plot(part["on"][of], row - height[of], shape, color=colour, ms=4.6, mec="white", mew=0.6)
        free = None
        for k in reversed(range(len(part))):  # the latest value always has its label, an earlier one where there is room
            day = part["on"].iloc[k]
            if free is None or free - day > span / 13:
                ax.annotate(part["shown"].iloc[k], (day, row - height.iloc[k]), xytext=(0, 4), textcoords="offset points",
                            ha="center", va="bottom", size=7.5, color=INK)
                free = day
    ax.set_yticks(range(len(states)), states, color=INK)
    ax.set_ylim(len(states) - 0.7, -1.0)
    ax.set_xlim(pd.Timestamp(first - 1, 10, 1), pd.Timestamp(last + 1, 4, 1))
    ax.grid(False)
    ax.grid(True, axis="x")
    if len(wanted) > 1:
        handles = [Line2D([], [], marker=shape, color=colour, ms=5, lw=1.6, label=kind)
                   for kind, (shape, colour) in marks.items()]
        ax.legend(handles=handles, loc="lower left", bbox_to_anchor=(0, 1), ncols=min(len(wanted), 3), fontsize=8,
                  borderaxespad=0.2)
