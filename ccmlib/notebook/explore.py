"""What explore.ipynb shows: tables and charts of a period, a regional group, an article and a State.

What makes them is plain: facts and a choice in, rows, a table or a chart out, by the functions of the report. Rows keep
their keys; what is written for a reader, and tables and charts, are in the language of ``locale``.
"""

from collections.abc import Callable
from dataclasses import dataclass
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


# ---- rows


def states(facts: Facts, period: str, region: str = ALL, locale: str = "en") -> pd.DataFrame:
    """Say what is known of each State on the last day of a period: `ANSWERS` as yes, no or not known, and dates."""
    on = _end(facts, period)
    frame = _named(on_day.table(facts, on), region, _speaking(facts, locale, period))
    for article in ARTICLES:  # as the figures count: open obligations of States Parties
        frame[f"art{article}_open"] &= frame[f"art{article}_obligation"] & frame["state_party"]
    frame["art5_obligation"] &= frame["state_party"]
    for name in ANSWERS:
        frame[name] = frame[name].map({True: "yes", False: "no"}).astype("object").fillna("not known")
    for name in ("signature_on", "deposit_on"):
        frame[name] = frame[name].mask(frame[name] > on)
    frame["entry_into_force_on"] = frame["entry_into_force_on"].where(frame["deposit_on"].notna())
    return frame


def obligations(facts: Facts, period: str, region: str, article: int, locale: str = "en") -> pd.DataFrame:
    """Give the obligations under Article 3 or 4 on the last day of a period, as `on_day.obligations` does."""
    frame = on_day.obligations(facts, article, _end(facts, period))
    frame = frame.merge(facts["states"][["iso3", "regional_group"]], on="iso3")
    return _named(frame, region, _speaking(facts, locale, period), sort=False)


def reports(facts: Facts, period: str, region: str = ALL, locale: str = "en") -> pd.DataFrame:
    """List what is owed and handed in of transparency reports, a line each, late ones first."""
    language = _speaking(facts, locale, period)
    known = one_state.OnDay(facts, _end(facts, period), language)
    rows = [{"iso3": iso3, "what": line["text"], "kind": line.get("kind", "not known")}
            for iso3 in known.known for line in known.reports(iso3)]
    frame = _named(pd.DataFrame(rows, columns=["iso3", "what", "kind"]).merge(
        facts["states"][["iso3", "regional_group"]], on="iso3"), region, language)
    return frame.sort_values("kind", key=lambda kinds: kinds != one_state.LATE, kind="stable", ignore_index=True)


def one(facts: Facts, period: str, iso3: str, locale: str = "en") -> pd.DataFrame:
    """List all that is told of one State: part, what, kind; first what it owes."""
    card = one_state.OnDay(facts, _end(facts, period), _speaking(facts, locale, period)).card(iso3)
    rows = [("owed", card["first_line"], "late" if card["late"] else "")]
    parts = ("next", "obligations", "reports", "cooperation", "law", "votes", "timeline")
    rows += [(part, " ".join(filter(None, (line.get("on"), line["text"]))), line.get("kind", ""))
             for part in parts for line in card[part]]
    return pd.DataFrame(rows, columns=["part", "what", "kind"])


def figures(facts: Facts, period: str, region: str = ALL, locale: str = "en") -> pd.DataFrame:
    """Count every figure that any day can be asked for on the last day of a period, of a group or of all States."""
    counts, on, rows = Counts(facts), _end(facts, period), []
    among, language = _among(facts, region), _speaking(facts, locale, period)
    for name, entry in vocabulary.entries().items():
        if entry.any_day and "{" not in name:
            said = language.said(*counts.series(name, [on], among).iloc[0])
            rows.append((name, entry.label["many"], said))
    return pd.DataFrame(rows, columns=["figure_id", "label", "said"])


def _among(facts: Facts, region: str) -> pd.Series | None:
    return None if region == ALL else facts["states"].loc[facts["states"]["regional_group"] == region, "iso3"]


def _end(facts: Facts, period: str) -> pd.Timestamp:
    return treaty_periods.from_table(facts["periods"], period).end


def _speaking(facts: Facts, locale: str, period: str) -> Language:
    return state_names.speaking(locale, facts["states"], facts["state_names_un"], _end(facts, period))


def _named(frame: pd.DataFrame, region: str, language: Language, sort: bool = True) -> pd.DataFrame:
    """Leave the rows of a regional group, or of all States, and name the States; sorted by name."""
    frame = frame[(frame["regional_group"] == region) | (region == ALL)]
    frame = frame.assign(state=frame["iso3"].map(language.state))
    if sort:
        frame = frame.sort_values(
            "state", key=lambda names: [sorting_key(name, language.code) for name in names], kind="stable")
    return frame.reset_index(drop=True)


# ---- charts


@dataclass(frozen=True)
class Chart:
    """A finished chart with the words around it and its data; a notebook shows it with its description."""

    name: str
    figure: Any
    title: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame
    language: Language

    def _repr_html_(self) -> str:
        texts = self.title, self.subtitle, self.source, self.alt
        html = fragments.chart(self.name, svg_text(self.figure), *texts, self.data, HEADINGS, labels=self.language,
                               said=readable.rows(self.data, self.language))
        return f'{look.in_lab()}<div dir="{self.language.direction}">{html}</div>'


def draw_parties(facts: Facts, period: str, region: str = ALL, locale: str = "en") -> Chart:
    """Draw the States Parties over time by regional group; a chosen group stands out."""
    on, language = _end(facts, period), _speaking(facts, locale, period)
    charts.style(locale)
    counted = figures_of.series("states_parties", figures_of.months(on), facts, by="regional_group")
    wide = counted.reset_index().pivot(index="on", columns="regional_group", values="lower").astype("int64")
    fig, ax = charts.new()
    for group, colour in zip(wide, charts.palette(len(wide.columns)), strict=True):
        chosen = region in (ALL, group)
        ax.step(wide.index, wide[group], where="post", color=colour if chosen else MUTED,
                linewidth=1.6 if chosen else 0.9, label=language.text(_group(group)))
    charts.label_line_ends(ax, values=True)
    ax.set_ylim(bottom=0)
    said = language.said(*Counts(facts).series("states_parties", [on], _among(facts, region)).iloc[0])
    title = sentences.say("States Parties on {day}: {number}", {"day": on, "number": said}, language)
    return _chart("parties_by_group", fig, _in(region, title, language), language.text(
        "States that are party for certain, by UN regional group, by month"), language.text(
        "UN Treaty Collection; UN regional groups of Member States"), wide.reset_index(), language)


def draw_obligations(facts: Facts, period: str, region: str, article: int, locale: str = "en"):
    """Draw each State's obligation from its beginning to its end or the period's, with deadlines."""
    from IPython.display import HTML

    frame, on = obligations(facts, period, region, article, locale), _end(facts, period)
    language = _speaking(facts, locale, period)
    charts.style(locale)
    standing = frame["standing"].value_counts()
    values = {"day": on, "article": article, "work": language.text(ARTICLES[article]), "all": len(frame),
              "open": int(standing.get("open", 0)), "unknown": int(standing.get("unknown", 0))}
    if frame.empty:
        said = sentences.say("No obligation under Article {article} ({work}) is known on {day}", values, language)
        return HTML(fragments.no_rows(_in(region, said, language)))
    fig, ax = charts.new(height=2.1 + 0.178 * len(frame))
    charts.obligations_timeline(ax, frame, on, language.date(on), labels=language.text)
    title = sentences.say("{open} of {all} obligations under Article {article} ({work}) are open on {day}", values, language)
    if values["unknown"]:
        title = sentences.say("{title}; of {unknown} it is not known", {**values, "title": title}, language)
    return _chart(f"article_{article}", fig, _in(region, title, language), language.text(
        "State by State, from entry into force to the end, with deadlines"), language.text("Sources named in the table"),
        frame[["iso3", *_shown(frame)]], language)


def _chart(name: str, fig, title: str, subtitle: str, source: str, data: pd.DataFrame, language: Language) -> Chart:
    charts.finish(fig, title, subtitle, language.after_colon(language.text("Source"), source))
    return Chart(name, fig, title, subtitle, source, f"{title}{language.full_stop}", data, language)


def _in(region: str, text: str, language: Language) -> str:
    return text if region == ALL else f"{text} ({language.text(_group(region))})"


def _group(group: str) -> str:
    return TITLES["no group"] if group == NONE else group


def _shown(frame: pd.DataFrame) -> list[str]:
    return [column for column in HEADINGS if column in frame]


# ---- controls, and the places that follow them


def choices(facts: Facts, locale: str = "en") -> dict[str, list[tuple[str, Any]]]:
    """Give what there is to choose from, as pairs of text and value: Period, Region, Article and State."""
    register, language = facts["states"], _speaking(facts, locale, facts["periods"]["period"].iloc[-1])
    groups = sorted(set(register["regional_group"]), key=lambda group: (group == NONE, group))
    return {
        "Period": [(language.after_colon(f"{row.period}, {language.text(row.place)}",
                                         f"{language.date(row.start)} – {language.date(row.end)}"), row.period)
                   for row in facts["periods"].itertuples()],
        "Region": [(language.text("All States"), ALL), *((language.text(_group(group)), group) for group in groups)],
        "Article": [(language.after_colon(language.text("Article {number}").format(number=number), language.text(what)), number)
                    for number, what in ARTICLES.items()],
        "State": sorted(((language.state(iso3), iso3) for iso3 in register["iso3"]),
                        key=lambda pair: sorting_key(pair[0], locale)),
    }


def pick(facts: Facts, label: str, value: Any, locale: str = "en"):
    """Make the list for a choice, with the value to begin with.

    Raises
    ------
    ValueError
        Nothing to choose has this value; names those that there are.
    """
    import ipywidgets  # slow to import, and needed by one notebook

    options = choices(facts, locale)[label]
    values = [choice for _, choice in options]
    if value not in values:
        raise ValueError(f"{label.lower()} {value!r}: there are {', '.join(map(str, values))}")
    return ipywidgets.Dropdown(
        options=options, value=value, description=Language(locale).text(label),
        layout={"width": "max-content", "max_width": "100%"})


def picker(*controls) -> None:
    """Show the lists in one row, which stays in sight while the notebook is scrolled."""
    import ipywidgets
    from IPython.display import HTML, display

    row = ipywidgets.HBox(controls, layout={"flex_flow": "row wrap"}).add_class("ccm-picker")
    display(HTML(f"<style>{IN_SIGHT}</style>"), row)


_following: dict[str, tuple[Callable, tuple]] = {}


def follow(name: str, view: Callable, *controls) -> None:
    """Show what a view gives for the controls' values, and again in the same place whenever one of them changes.

    Parameters
    ----------
    name : str
        Of the place; a cell that is run again takes its place over.
    view : callable
        Takes the value of each control and gives something to display.
    *controls : ipywidgets.Widget
        The lists that it follows.
    """
    from IPython.display import HTML, display, update_display

    def show_again(_change) -> None:
        try:
            update_display(view(*(control.value for control in controls)), display_id=name)
        except Exception as error:  # what is left standing would belong to another choice
            told = fragments.note(f"{type(error).__name__}: {error}", kind="note warning")
            update_display(HTML(told), display_id=name)
            raise

    earlier, watched = _following.pop(name, (None, ()))
    for control in watched:
        control.unobserve(earlier, "value")
    display(view(*(control.value for control in controls)), display_id=name)
    for control in controls:
        control.observe(show_again, "value")
    _following[name] = show_again, controls


def table(name: str, frame: pd.DataFrame, caption: str, locale: str = "en", **values):
    """Make an interactive table, sorted by a click on a heading, filtered by typing, without any remote script.

    Its columns with a heading, and with anything in them, are shown; the caption is a sentence template, with the number
    of rows as ``{count}``.
    """
    import itables  # slow to import, and needed by one notebook
    from IPython.display import HTML

    language = Language(locale)
    made = frame[_shown(frame)].replace({"part": TITLES})
    days = list(made.select_dtypes("datetime"))
    for column in days:
        made[column] = made[column].dt.strftime("%Y-%m-%d")
    for column in made.select_dtypes("bool"):
        made[column] = made[column].map({True: "yes", False: ""})
    made = readable.rows(made.astype("object").where(made.notna(), ""), language)
    made = made.loc[:, made.ne("").any() | made.empty]
    looks = [{"targets": [place], "className": f"dt-left {look}"} for place, column in enumerate(made)
             for look, columns in {"long": ["source", "row"], "dt-nowrap": days}.items() if column in columns]
    words = {} if locale == "en" else {"language": {
        "search": language.text("Filter"), "lengthMenu": "_MENU_", "info": "_START_–_END_ / _TOTAL_", "infoFiltered": "(_MAX_)",
        "infoEmpty": "0", "zeroRecords": language.text("none"), "emptyTable": language.text("none")}}
    caption = sentences.say(caption, {"count": len(frame), **values}, language)
    headings = {column: language.text(heading) for column, heading in HEADINGS.items()}
    html = itables.to_html_datatable(
        made.rename(columns=headings), caption=caption, table_id=f"explore-{name}", connected=False,
        maxBytes=0, showIndex=False, display_logo_when_loading=False, classes="display compact",
        style="table-layout:auto;width:100%;caption-side:top", css=CELLS,
        columnDefs=[*looks, {"targets": "_all", "className": "dt-left"}],
        layout={"topStart": "search", "topEnd": "pageLength", "bottomStart": "info", "bottomEnd": "paging"}, **words)
    return HTML(f'<div dir="{language.direction}">{html}</div>')
