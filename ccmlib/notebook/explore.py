"""What explore.ipynb shows: tables and charts of a period, a regional group, an article and a State.

Rows keep their keys; what is written for a reader, and tables and charts, are in the language of the desk.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import pandas as pd

from ccmlib import charts
from ccmlib.charts.style import MUTED
from ccmlib.charts.svg import svg_text
from ccmlib.figures import one_state, sentences, vocabulary
from ccmlib.figures import series as figures_of
from ccmlib.figures.counting import Counts
from ccmlib.language import state_names
from ccmlib.language.languages import Language, sorting_key
from ccmlib.notebook import readable
from ccmlib.pages import fragments, look, state_cards
from ccmlib.treaty import on_day
from ccmlib.treaty import periods as treaty_periods
from ccmlib.treaty.facts import Facts

ALL, NONE = "all", "none"
ARTICLES = {3: "stockpile destruction", 4: "clearance"}
#: Headings of the columns that a table shows, in their order.
HEADINGS = {
    "state": "State", "regional_group": "Regional group", "part": "Part", "what": "What", "kind": "How it stands",
    "state_party": "State Party", "signatory": "Signatory", "signature_on": "Signed", "deposit_on": "Deposited",
    "entry_into_force_on": "In force from", "initial_report_submitted": "Initial report in",
    "art3_open": "Stockpile to destroy", "art4_open": "Land to clear", "art5_obligation": "Victims to assist",
    "specific_law": "Specific law", "since": "Obligation since", "standing": "Standing", "last_word": "Last word",
    "heard_on": "Last heard of", "first_end_on": "Ended from", "last_end_on": "Ended by", "deadline_on": "Deadline",
    "requested_on": "Extension asked to", "figure_id": "Figure", "label": "What it counts", "said": "Number",
    "name": "Name", "certain": "Certain", "by_last_word": "By the last word", "day": "Day", "source": "Source",
    "row": "Record"}
#: Keys of parts of what is told of one State, and others → what a reader sees.
TITLES = {**state_cards.PARTS, "owed": "What it owes", "timeline": "Timeline", "no group": "No regional group"}
ANSWERS = ["state_party", "signatory", "initial_report_submitted", "art3_open", "art4_open", "art5_obligation",
           "specific_law"]
#: Wide tables scroll; addresses and places in files, and only they, break anywhere; the ground is the notebook's.
CELLS = ("div.dt-container{overflow-x:auto;--dt-html-background:transparent}"
         "table.dataTable thead th{white-space:normal}table.dataTable td.long{overflow-wrap:anywhere;min-width:10em}")
#: The cell of JupyterLab with the lists stays at the top.
IN_SIGHT = ".jp-Cell:has(.ccm-picker){position:sticky;top:0;z-index:9;background:var(--jp-layout-color0)}"

@dataclass(frozen=True)
class Chart:
    """A finished chart, with its title, its data and the HTML that a notebook shows."""

    figure: Any
    title: str
    data: pd.DataFrame
    html: str

    def _repr_html_(self) -> str:
        return self.html


class Desk:
    """Rows, tables, charts and controls, of facts and in a language."""

    def __init__(self, facts: Facts, locale: str = "en"):
        self.facts, self.register, self.labels = facts, facts["states"], Language(locale)
        self.end = cache(lambda period: treaty_periods.from_table(facts["periods"], period).end)
        self.speaking = cache(lambda period: state_names.speaking(
            locale, facts.names, facts["state_names_un"], self.end(period)))
        self.known = cache(lambda period: one_state.OnDay(facts, self.end(period), self.speaking(period)))
        self._following: dict[str, tuple[Callable, tuple]] = {}

    # ---- rows

    def states(self, period: str, region: str = ALL) -> pd.DataFrame:
        """Say what is known of each State on the last day of a period: `ANSWERS` as yes, no or not known, and dates."""
        on = self.end(period)
        frame = self._named(on_day.table(self.facts, on), period, region)
        for article in ARTICLES:  # as the figures count: open obligations of States Parties
            frame[f"art{article}_open"] &= frame[f"art{article}_obligation"] & frame["state_party"]
        frame["art5_obligation"] &= frame["state_party"]
        for name in ANSWERS:
            frame[name] = frame[name].map({True: "yes", False: "no"}).astype("object").fillna("not known")
        for name in ("signature_on", "deposit_on"):
            frame[name] = frame[name].mask(frame[name] > on)
        frame["entry_into_force_on"] = frame["entry_into_force_on"].where(frame["deposit_on"].notna())
        return frame

    def obligations(self, period: str, region: str, article: int) -> pd.DataFrame:
        """Give the obligations under Article 3 or 4 on the last day of a period, as `on_day.obligations` does."""
        return self._named(on_day.obligations(self.facts, article, self.end(period)), period, region, sort=False)

    def reports(self, period: str, region: str = ALL) -> pd.DataFrame:
        """List what is owed and handed in of transparency reports, a line each, late ones first."""
        known = self.known(period)
        rows = [{"iso3": iso3, "what": line["text"], "kind": line.get("kind", "not known")}
                for iso3 in known.known for line in known.reports(iso3)]
        frame = self._named(pd.DataFrame(rows, columns=["iso3", "what", "kind"]), period, region)
        return frame.sort_values("kind", key=lambda kinds: kinds != one_state.LATE, kind="stable", ignore_index=True)

    def one(self, period: str, iso3: str) -> pd.DataFrame:
        """List all that is told of one State: part, what, kind; first what it owes."""
        card = self.known(period).card(iso3)
        rows = [("owed", card["first_line"], "late" if card["late"] else "")]
        parts = ("next", "obligations", "reports", "cooperation", "law", "votes", "timeline")
        rows += [(part, " ".join(filter(None, (line.get("on"), line["text"]))), line.get("kind", ""))
                 for part in parts for line in card[part]]
        return pd.DataFrame(rows, columns=["part", "what", "kind"])

    def figures(self, period: str, region: str = ALL) -> pd.DataFrame:
        """Count every figure that any day can be asked for on the last day of a period, of a group or of all States."""
        rows = [(name, entry.label["many"], self._said(name, period, region))
                for name, entry in vocabulary.entries().items() if entry.any_day and "{" not in name]
        return pd.DataFrame(rows, columns=["figure_id", "label", "said"])

    def _said(self, figure_id: str, period: str, region: str) -> str:
        among = None if region == ALL else self.register.loc[self.register["regional_group"] == region, "iso3"]
        return self.labels.said(*Counts(self.facts).series(figure_id, [self.end(period)], among).iloc[0])

    def _named(self, frame: pd.DataFrame, period: str, region: str, sort: bool = True) -> pd.DataFrame:
        """Leave the rows of a regional group, or of all States, and name the States; sorted by name."""
        if "regional_group" not in frame:
            frame = frame.merge(self.register[["iso3", "regional_group"]], on="iso3")
        frame = frame[(frame["regional_group"] == region) | (region == ALL)]
        frame = frame.assign(state=frame["iso3"].map(self.speaking(period).state))
        if sort:
            frame = frame.sort_values("state", key=lambda names: names.map(self._sorting), kind="stable")
        return frame.reset_index(drop=True)

    def _sorting(self, name: str) -> bytes:
        return sorting_key(name, self.labels.code)

    # ---- charts

    def say(self, template: str, **values) -> str:
        """Fill a sentence template."""
        return sentences.say(template, values, self.labels)

    def draw_parties(self, period: str, region: str = ALL) -> Chart:
        """Draw the States Parties over time by regional group; a chosen group stands out."""
        on, text = self.end(period), self.labels.text
        charts.style(self.labels.code)
        counted = figures_of.series("states_parties", figures_of.months(on), self.facts, by="regional_group")
        wide = counted.reset_index().pivot(index="on", columns="regional_group", values="lower").astype("int64")
        fig, ax = charts.new()
        for group, colour in zip(wide, charts.palette(len(wide.columns)), strict=True):
            chosen = region in (ALL, group)
            ax.step(wide.index, wide[group], where="post", color=colour if chosen else MUTED,
                    linewidth=1.6 if chosen else 0.9, label=self._group(group))
        charts.label_line_ends(ax, values=True)
        ax.set_ylim(bottom=0)
        title = self.say("States Parties on {day}: {number}", day=on, number=self._said("states_parties", period, region))
        return self._chart("parties_by_group", fig, self._in(region, title), text(
            "States that are party for certain, by UN regional group, by month"), text(
            "UN Treaty Collection; UN regional groups of Member States"), wide.reset_index())

    def draw_obligations(self, period: str, region: str, article: int) -> Chart:
        """Draw each State's obligation from its beginning to its end or the period's, with deadlines."""
        frame, on, text = self.obligations(period, region, article), self.end(period), self.labels.text
        standing = frame["standing"].value_counts()
        values = {"day": on, "article": article, "work": text(ARTICLES[article]), "all": len(frame),
                  "open": int(standing.get("open", 0)), "unknown": int(standing.get("unknown", 0))}
        if frame.empty:
            title = self._in(region, self.say("No obligation under Article {article} ({work}) is known on {day}", **values))
            return Chart(None, title, frame, fragments.note(title, kind="no-rows"))
        charts.style(self.labels.code)
        fig, ax = charts.new(height=2.1 + 0.178 * len(frame))
        charts.obligations_timeline(ax, frame, on, self.labels.date(on), labels=text)
        title = self.say("{open} of {all} obligations under Article {article} ({work}) are open on {day}", **values)
        if values["unknown"]:
            title = self.say("{title}; of {unknown} it is not known", title=title, **values)
        return self._chart(
            f"article_{article}", fig, self._in(region, title), text(
                "State by State, from entry into force to the end, with deadlines"), text("Sources named in the table"),
            frame[["iso3", *_shown(frame)]])

    def draw_dates(self, period: str, iso3: str) -> Chart:
        """Draw what one State did and what it has still to do on the last day of a period, by date."""
        on, speaking = self.end(period), self.speaking(period)
        told, ahead = self.known(period).dates(iso3)
        parts = {part: speaking.text(heading) for part, heading in one_state.HEADINGS.items()}
        title = sentences.say("{who:states}: {number} dates under the Convention", {
            "who": [iso3], "number": len(told) + len(ahead)}, speaking)
        if not charts.worth_drawing(pd.concat([told["last_on"], ahead["on"]])):
            return Chart(None, title, told, fragments.note(title, kind="no-rows"))
        charts.style(self.labels.code)
        fig, ax = charts.new(height=2.6)
        charts.dates(ax, told, ahead, on, parts)
        subtitle = self.say("Filled: on that day; hollow: by that day; light: still to come on {day}", day=on)
        return self._chart("dates", fig, title, subtitle, speaking.text("Sources named in the table"),
                           told.drop(columns="said").assign(part=told["part"].map(parts)))

    def _chart(self, name: str, fig, title: str, subtitle: str, source: str, data: pd.DataFrame) -> Chart:
        labels = self.labels
        charts.finish(fig, title, subtitle, labels.after_colon(labels.text("Source"), source))
        html = fragments.chart(name, svg_text(fig, name), title, subtitle, source, f"{title}{labels.full_stop}", data, HEADINGS,
                               labels=labels, said=readable.rows(data, labels))
        return Chart(fig, title, data, f'{look.in_lab()}<div dir="{labels.direction}">{html}</div>')

    def _in(self, region: str, title: str) -> str:
        return title if region == ALL else f"{title} ({self._group(region)})"

    def _group(self, group: str) -> str:
        return self.labels.text(TITLES["no group"] if group == NONE else group)

    # ---- controls, and the places that follow them

    def choices(self, label: str) -> list[tuple[str, Any]]:
        """Give what there is to choose from, as pairs of text and value, for Period, Region, Article or State."""
        labels, periods = self.labels, self.facts["periods"]
        if label == "Period":
            return [(labels.after_colon(f"{row.period}, {labels.text(row.place)}",
                                        f"{labels.date(row.start)} – {labels.date(row.end)}"), row.period)
                    for row in periods.itertuples()]
        if label == "Region":
            groups = sorted(set(self.register["regional_group"]), key=lambda group: (group == NONE, group))
            return [(labels.text("All States"), ALL), *((self._group(group), group) for group in groups)]
        if label == "Article":
            return [(labels.after_colon(labels.text("Article {number}").format(number=number), labels.text(what)), number)
                    for number, what in ARTICLES.items()]
        name = self.speaking(periods["period"].iloc[-1]).state
        return sorted(((name(iso3), iso3) for iso3 in self.register["iso3"]), key=lambda pair: self._sorting(pair[0]))

    def pick(self, label: str, value: Any):
        """Make the list for a choice, with the value to begin with; a value that there is not gets those that there are."""
        import ipywidgets  # slow to import, and needed by one notebook

        options = self.choices(label)
        values = [choice for _, choice in options]
        if value not in values:
            raise ValueError(f"{label.lower()} {value!r}: there are {', '.join(map(str, values))}")
        return ipywidgets.Dropdown(options=options, value=value, description=self.labels.text(label),
                                   layout={"width": "max-content", "max_width": "100%"})

    def picker(self, *controls) -> None:
        """Show the lists in one row, which stays in sight while the notebook is scrolled."""
        import ipywidgets
        from IPython.display import HTML, display

        row = ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"}).add_class("ccm-picker")
        display(HTML(f"<style>{IN_SIGHT}</style>"), row)

    def follow(self, name: str, view: Callable, *controls) -> None:
        """Show what a view gives for the controls' values, and again in the same place whenever one of them changes.

        A cell that is run again takes the place of its `name` over.
        """
        from IPython.display import HTML, display, update_display

        def show_again(_change) -> None:
            try:
                update_display(view(*(control.value for control in controls)), display_id=name)
            except Exception as error:  # what is left standing would belong to another choice
                told = fragments.note(f"{type(error).__name__}: {error}", kind="note warning")
                update_display(HTML(told), display_id=name)
                raise

        earlier, watched = self._following.pop(name, (None, ()))
        for control in watched:
            control.unobserve(earlier, "value")
        display(view(*(control.value for control in controls)), display_id=name)
        for control in controls:
            control.observe(show_again, "value")
        self._following[name] = show_again, controls

    def table(self, name: str, frame: pd.DataFrame, caption: str, **values):
        """Make an interactive table, sorted by a click on a heading, filtered by typing, without any remote script.

        Its columns with a heading, and with anything in them, are shown; the caption is a sentence template, with the number
        of rows as ``{count}``.
        """
        import itables  # slow to import, and needed by one notebook
        from IPython.display import HTML

        text, made = self.labels.text, frame[_shown(frame)].replace({"part": TITLES})
        days = list(made.select_dtypes("datetime"))
        made = made.assign(
            **{column: made[column].dt.strftime("%Y-%m-%d") for column in days},
            **{column: made[column].map({True: "yes", False: ""}) for column in made.select_dtypes("bool")})
        made = readable.rows(made.astype("object").where(made.notna(), ""), self.labels)
        made = made.loc[:, made.ne("").any() | made.empty]
        looks = [{"targets": [place], "className": f"dt-left {look}"} for place, column in enumerate(made)
                 for look, columns in {"long": ["source", "row"], "dt-nowrap": days}.items() if column in columns]
        words = {} if self.labels.code == "en" else {"language": {
            "search": text("Filter"), "lengthMenu": "_MENU_", "info": "_START_–_END_ / _TOTAL_", "infoFiltered": "(_MAX_)",
            "infoEmpty": "0", "zeroRecords": text("none"), "emptyTable": text("none")}}
        html = itables.to_html_datatable(
            made.rename(columns={column: text(heading) for column, heading in HEADINGS.items()}),
            caption=self.say(caption, count=len(frame), **values), table_id=f"explore-{name}",
            connected=False, maxBytes=0, showIndex=False, display_logo_when_loading=False, classes="display compact",
            style="table-layout:auto;width:100%;caption-side:top", css=CELLS,
            columnDefs=[*looks, {"targets": "_all", "className": "dt-left"}],
            layout={"topStart": "search", "topEnd": "pageLength", "bottomStart": "info", "bottomEnd": "paging"}, **words)
        return HTML(f'<div dir="{self.labels.direction}">{html}</div>')


def _shown(frame: pd.DataFrame) -> list[str]:
    return [column for column in HEADINGS if column in frame]
