"""The charts of explore.ipynb; each carries its words, so that a notebook shows it whole."""

import textwrap
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.dates import AutoDateLocator

from ccmlib import charts
from ccmlib.charts.layout import svg_text
from ccmlib.charts.style import MUTED
from ccmlib.language.languages import Language
from ccmlib.notebook.explore.frames import (
    ALL,
    ARTICLES,
    HEADINGS,
    NOT_KNOWN,
    PAST,
    find,
    group_name,
    obligations,
    over_time,
    reports,
    shown,
)
from ccmlib.pages import fragments
from ccmlib.treaty import convention, standing, status
from ccmlib.treaty.histories import Tables

ENGLISH = Language("en")
#: Notebooks have no stylesheet of ours; this hides what is written for screen readers and keeps charts on white paper.
LOOK = ("<style>.chart{margin:0}.chart .paper{background:#fff;overflow-x:auto}.chart figcaption b{display:block;"
        "font-size:1.15em}.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}"
        ".chart .source{font-size:.85em}</style>")


@dataclass(frozen=True)
class Chart:
    """A finished chart with the words around it; a notebook shows it with its description and its data.

    Attributes
    ----------
    name : str
        Id, and name of its CSV.
    figure : matplotlib Figure
        Finished.
    title, subtitle, source, alt : str
        What it finds; what, when and unit; whose data; what a reader who cannot see it needs to know.
    data : DataFrame
        The plotted values.
    """

    name: str
    figure: Any
    title: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame

    def _repr_html_(self) -> str:
        texts = self.title, self.subtitle, self.source, self.alt
        return LOOK + fragments.chart(self.name, svg_text(self.figure), *texts, self.data, HEADINGS)

    def __repr__(self) -> str:
        return f"{self.title} ({self.subtitle})"


@dataclass(frozen=True)
class Sentence:
    """What is said where there is nothing to show."""

    text: str

    def _repr_html_(self) -> str:
        return fragments.no_rows(self.text)

    def __repr__(self) -> str:
        return self.text


def draw_parties(known: Tables, period: str, region: str = ALL) -> Chart:
    """Draw the States Parties over time by regional group; a chosen group stands out."""
    frame = over_time(known, period)
    groups, last = list(frame.columns[1:]), frame.iloc[-1]
    colours = dict(zip(groups, charts.palette(len(groups)), strict=True)) | {"none": MUTED}
    if region != ALL:
        colours = dict.fromkeys(groups, MUTED) | {region: charts.palette(2)[1]}
    fig, ax = charts.new()
    for group, colour in colours.items():
        width = 2.4 if group == region else 1.4 if region == ALL else 0.9
        ax.step(frame["on"], frame[group], where="post", color=colour, linewidth=width, label=group_name(group))
    charts.label_line_ends(ax, values=True)
    ax.set_ylim(bottom=0)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=3, maxticks=9))
    ax.set_xlim(frame["on"].iloc[0], frame["on"].iloc[-1])
    day, total = ENGLISH.date(last["on"]), int(last[groups].sum())
    of_group = int((known["states"]["regional_group"] == region).sum())
    title = (f"{total} States Parties on {day}, {last[groups[0]]} of them{_in(groups[0])}" if region == ALL else
             f"{last[region]} of the {of_group} States{_in(region)} are Parties on {day}")
    return _chart(
        "parties_by_group", fig, title, "States Parties by UN regional group, at each month's end; number of States",
        "UN Treaty Collection, status of treaty XXVI-6; UN regional groups", frame.rename(columns=group_name),
        f"Line chart. {title}. On that day: {', '.join(f'{group_name(group)} {last[group]}' for group in groups)}.")


def draw_obligations(known: Tables, period: str, region: str, article: int) -> Chart | Sentence:
    """Draw each State's obligation from its beginning to its end or the period's, with deadlines."""
    frame, on = obligations(known, period, region, article), find(known, period).end
    day, law = ENGLISH.date(on), f"Article {article} ({ARTICLES[article]})"
    if frame.empty:
        return Sentence(f"The exports name no State Party{_in(region)} with an obligation under {law} on {day}.")
    fig, ax = charts.new(height=2.1 + (0.178 if article in convention.DEADLINES else 0.26) * len(frame))
    if article in convention.DEADLINES:
        charts.obligations_timeline(ax, frame.assign(standing=frame["found"]), on, day)
    else:
        names = ["\n".join(textwrap.wrap(name, 24)) for name in frame["state"]]
        charts.timeline(ax, frame.assign(ended=frame["last_end_on"], state=names), today=on, today_label=day)
        ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=9))
    count = frame["standing"].value_counts()
    past, vague = count.get(PAST, 0), count.get(NOT_KNOWN, 0)
    still = count.get(standing.OPEN, 0) + past
    title = (f"{still} of {len(frame)} obligations under {law}{_in(region)} are open on {day}"
             + (f", {past} of them past the deadline" if past else "")
             + (f"; of {vague} it is not known" if vague else ""))
    names = ", ".join(frame.loc[frame["found"] == standing.OPEN, "state"])
    return _chart(
        f"article_{article}", fig, title, "State by State, from entry into force to the end of the obligation"
        + (", with deadlines" if article in convention.DEADLINES else ""),
        "UN Treaty Collection (dates); sources named in the table", frame[["iso3", *shown(frame)]],
        f"One bar for each State. {title}. Open: {names or 'none'}.")


def draw_reports(known: Tables, period: str, region: str = ALL) -> Chart | Sentence:
    """Draw how many reports are submitted, overdue, not due or not known of."""
    frame, day = reports(known, period, region), ENGLISH.date(find(known, period).end)
    if frame.empty:
        return Sentence(f"No report is asked of any State{_in(region)} on {day}.")
    colours = {status.SUBMITTED: charts.STATUS["done"], status.OVERDUE: charts.STATUS["late"],
               status.NOT_DUE: charts.STATUS["open"], NOT_KNOWN: "#bccad4"}
    counts = frame.groupby(["report", "standing"]).size().unstack(fill_value=0)
    counts = counts.reindex(index=list(dict.fromkeys(frame.sort_values("kind", ascending=False)["report"])))
    counts = counts[[word for word in colours if word in counts]]
    fig, ax = charts.new(height=2.0 + 0.45 * len(counts))
    charts.stacked_bars(ax, counts, [colours[word] for word in counts])
    ax.set_xlabel("States")
    parts = "; ".join(
        f"{name.lower()}: {', '.join(f'{number} {word}' for word, number in row.items() if number)}"
        for name, row in counts.iterrows())
    late = frame.loc[frame["standing"] == status.OVERDUE, "kind"].value_counts()
    vague = int((frame["standing"] == NOT_KNOWN).sum())
    overdue = " and ".join(f"{late.get(kind, 0)} {kind}" for kind in sorted(set(frame["kind"]), reverse=True))
    title = (f"{overdue} reports{_in(region)} are overdue on {day}" if not vague else
             f"Whether {vague} of {len(frame)} reports{_in(region)} had come by {day} is not in the exports; "
             f"{late.sum()} are surely overdue")
    return _chart(
        "reports_by_standing", fig, title, "Article 7 reports asked of States Parties, by standing; number of States",
        "Article 7 log; UN Treaty Collection (dates)", counts.reset_index(), f"Stacked bars. {title}. In all, {parts}.")


def _in(region: str) -> str:
    groups = {ALL: "", "none": " outside the regional groups"}
    return groups.get(region, f" in the {region} group")


def _chart(name: str, fig, title: str, subtitle: str, source: str, data: pd.DataFrame, alt: str) -> Chart:
    charts.finish(fig, title, subtitle, f"Source: {source}")
    return Chart(name, fig, title, subtitle, source, alt, data)
