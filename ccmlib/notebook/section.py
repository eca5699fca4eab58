"""What a notebook opens: the period, what is known of each State, and a ledger of what it shows.

A notebook computes; the Section names, shows and records. Everything recorded goes to ``<out>/<stem>/section.json``
with the charts beside it, for the reconciliation, the front page and the draft to read.
"""

import json
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import pandas as pd
from IPython import get_ipython
from IPython.display import HTML, display

from ccmlib import charts
from ccmlib.base.files import write_whole
from ccmlib.base.publishers import publisher_of
from ccmlib.figures import sentences, vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import Figure, from_record
from ccmlib.language import state_names
from ccmlib.notebook import activities, declared, plans, readable, telling
from ccmlib.pages import fragments, look
from ccmlib.treaty import on_day, periods
from ccmlib.treaty.facts import Facts

#: Days between the points of a figure's history on the front page.
HISTORY = pd.DateOffset(months=6)
#: Publishers that a chart names.
MOST_PUBLISHERS = 4
_BY_RULE = object()


def open_section(
    stem: str, *, period: str, from_on: str = "", to_on: str = "", processed: str = "../data/processed",
    out: str = "../reports/lab", locale: str = "en",
) -> "Section":
    """Open a section for its notebook, whose name is `stem`; the other arguments are its parameters.

    The days `from_on` and `to_on`, ISO dates, come before the name of a period; `processed` is the folder of the tidy tables,
    `out` the one to write to.
    """
    facts = Facts(processed=processed)
    chosen = (periods.from_days(from_on, to_on) if from_on or to_on else periods.from_table(facts["periods"], period))
    opened = Section(stem, chosen, facts, Path(out), locale)
    told = opened.language.after_colon(chosen.name, opened.language.span(chosen.start, chosen.end))
    show(f"{look.in_lab()}<p>{fragments.escape(told)}</p>")
    return opened


class Section:
    """One thematic section for one period.

    Attributes
    ----------
    period, previous, next : Period
        The period, the one before (None for the first) and the one after.
    day_before : Timestamp
        Last day of the period before; the day to compare with.
    facts : Facts
        The tidy tables, and what follows from them for any State on any day.
    counts, names, in_order : Counts, StateNames, callable
        Counts any figure of the vocabulary; the register's names; puts distinct ISO3 codes in the order of the names.
    language, state : Language, callable
        Dates, numbers and labels in the report's language; names a State, as in use at the period's end.
    figures : dict of str to Figure
        All figures so far, by figure_id.
    """

    def __init__(self, stem: str, period: periods.Period, facts: Facts, out: Path, locale: str):
        self.stem, self.period, self.facts, self.folder = stem, period, facts, out / stem
        self.meta = declared.metadata(stem)
        self.counts = Counts(facts, period.end)
        self.language = state_names.speaking(locale, facts.names, facts["state_names_un"], period.end)
        self.names, self.in_order, self.state = self.counts.names, self.counts.in_order, self.language.state
        self.previous = periods.before(facts["periods"], period)
        self.next = periods.after(facts["periods"], period)
        self.day_before = self.previous.end if self.previous else period.start - pd.Timedelta(days=1)
        self.days_between = (period.start - self.day_before).days - 1  # days that no report covers, before this period
        self.figures: dict[str, Figure] = {}
        self._record = {key: [] for key in ("findings", "charts", "tables", "questions", "falls_due", "notes", "main_points")}
        self._shown: set[str] = set()
        charts.style(locale)

    # ---- what it reads

    def read(self, table: str) -> pd.DataFrame:
        """Read a tidy table, such as ``disclosures``; the data dictionary lists them."""
        return self.facts[table].copy()

    def on(self, day: pd.Timestamp) -> pd.DataFrame:
        """Give what is known of each State on a day, one row a State (see `ccmlib.treaty.on_day.table`)."""
        frame = on_day.table(self.facts, day)
        return frame.assign(state=frame["iso3"].map(self.state))

    def period_named(self, name: str) -> periods.Period:
        """Find another reporting period by name."""
        return periods.from_table(self.facts["periods"], name)

    def section_name(self, section: str) -> str:
        """Name a thematic section, such as "Victim assistance" for ``victim_assistance``."""
        return self.language.text(declared.section_name(section))

    def page_of(self, theme: str) -> str:
        """Name the page of a section, such as ``03_clearance.html``; nothing where no notebook has it."""
        return next((f"{stem}.html" for stem in declared.stems() if declared.metadata(stem)["section"] == theme), "")

    def borrow(self) -> dict[str, Figure]:
        """Give the figures of the sections this notebook needs and that were made, to be named in its own sentences."""
        paths = {stem: self.folder.with_name(stem) / "section.json" for stem in self.meta["needs"]}
        return {record["figure_id"]: from_record(record, f"{stem}.html") for stem, path in paths.items() if path.exists()
                for record in json.loads(path.read_text(encoding="utf-8"))["figures"]}

    @cached_property
    def _refs(self) -> dict[str, list[str]]:
        """Where the period's own report prints each figure: its document and paragraph, from its ledger."""
        ledger = self.facts["published_figures"]
        ledger = ledger[ledger["period"] == self.period.name]
        ledger = ledger.assign(document=ledger["source"].str.split(",").str[0]).drop_duplicates(["figure_id", "ref"])
        by_figure = ledger.groupby(["figure_id", "document"], sort=False)["ref"].agg(", ".join).reset_index()
        return (by_figure["document"] + ": " + by_figure["ref"]).groupby(by_figure["figure_id"]).agg(list).to_dict()

    # ---- what it shows

    def figure(self, figure_id: str, rows=_BY_RULE, value=None, *, note: str = "", **given) -> Figure:
        """Count a figure of the vocabulary (figures.yml has its words, unit and rule) and enter it in the ledger.

        Parameters
        ----------
        rows : DataFrame or None, optional
            The records to count in place of the rule, with iso3, source and row; None: the sources tell nothing.
        value : number, Timestamp or str, optional
            When the figure is not a count of its rows.
        note : str, optional
            A caveat printed with the figure.
        **given
            What else `Counts.given` takes with rows: `on`, `perhaps`, `least`.
        """
        if figure_id in self.figures:
            return self.figures[figure_id]
        if rows is _BY_RULE and value is None:
            made = self.counts.figure(figure_id, self.period)
        else:
            made = self.counts.given(figure_id, None if rows is _BY_RULE else rows, value, **given)
        made.note = str(note) or made.note
        self.figures[figure_id] = made
        each = made.entry.rule.get("each")
        for iso3 in made.states if each and made.entry.theme == self.meta["section"] else []:
            evidence = made.evidence[made.evidence["iso3"] == iso3]
            self.figure(self.each(each, iso3), evidence, made.dates.get(iso3, ""))
        return made

    def each(self, pattern: str, iso3: str) -> str:
        """Name the figure of one State, such as ``deposit_cuba`` for ``deposit_{state}``."""
        return pattern.format(state=self.names.name(iso3).lower().replace(" ", "_"))

    def label(self, figure: Figure, many: bool = False) -> sentences.Said:
        """Give a figure's label in the form that its number wants; `many` for a heading."""
        words, fills = figure.entry.label, dict(figure.entry.fills)
        if fills.get("state") in self._codes:
            fills["state"] = self.state(self._codes[fills["state"]])
        number = None if many or (figure.greatest != 1 and figure.value is None) else figure.greatest
        say = self.language
        text = say.text(words["many"]) if number is None else say.plural(words["one"], words["many"], number)
        return sentences.Said(text.format(**fills), "" if self.language.has(words["many"]) else "en")

    def heading(self, figure_id: str) -> sentences.Said:
        """Give the label of a figure for many, without counting it."""
        return self.label(Figure(vocabulary.find(figure_id), None), many=True)

    @cached_property
    def _codes(self) -> dict[str, str]:
        return {self.each("{state}", iso3): iso3 for iso3 in self.facts["states"]["iso3"]}

    def tell(self, figure_id: str, rows=_BY_RULE, **more) -> Figure:
        """Show what a figure says as a finding, with its doubt and its States; parameters as in `figure`.

        A figure of which the sources tell nothing is named at the end of the section, with all others like it.
        """
        figure = self.figure(figure_id, rows, **more)
        if not telling.says_nothing(figure):
            pieces, spoken = telling.said(figure, self.period.annual_report_year, self.language)
            mark = sentences.language_mark(spoken, self.language)
            self._found(pieces + telling.doubt(figure, spoken), {figure_id: figure}, mark)
        return figure

    def sentence(self, figure: Figure) -> str:
        """Write what a figure says in a sentence without its States and its full stop."""
        pieces, spoken = telling.said(replace(figure, states=[], last=[]), self.period.annual_report_year, self.language)
        return sentences.plain(pieces).removesuffix(spoken.full_stop)

    def finding(self, template: str, *, one: str = "", none: str = "", count: Figure | None = None, **values) -> None:
        """Show a numbered finding: a sentence whose numbers and States are computed, see `sentences.compose` for its fields.

        A field that is not among `values` is a figure of this section, by its id. `one` and `none` are the sentences where
        `count`, which they may name too, is one or none.
        """
        if count is not None:
            values["count"] = count
            template = {1: one, 0: none}.get(count.value) or template
        values = {**self.figures, **values}
        used = [values[name] for name in sentences.fields(template) if isinstance(values.get(name), Figure)]
        if all(figure.known for figure in used):
            pieces, mark = sentences.compose_for(template, values, self.language)
            self._found(pieces, {figure.figure_id: figure for figure in used}, mark)

    def _found(self, pieces: list[sentences.Piece], named: dict[str, Figure], language: str) -> None:
        """Take down a finding under a number, and show it."""
        finding_id = f"f-{self.stem[:2]}-{1 + len(self._record['findings'])}"
        refs = list(dict.fromkeys(ref for key in named for ref in self._refs.get(key, ())))
        found = self._told(pieces, named, language) | {"id": finding_id, "refs": refs, "states": sentences.states_in(pieces)}
        cell = getattr(get_ipython(), "execution_count", 0)
        self._record["findings"].append({**found, "figures": list(named), "cell": cell})
        first_shown = [self._figure_html(figure) for key, figure in named.items() if key not in self._shown and not figure.page]
        self._shown.update(named)
        show(fragments.finding(found["html"], finding_id, refs, first_shown, found["states"], language, labels=self.language))

    def _told(self, pieces: list[sentences.Piece], named: dict[str, Figure], language: str) -> dict[str, str]:
        html = "".join(self._piece_html(piece, named) for piece in pieces)
        return {"html": html, "text": sentences.plain(pieces), "lang": language}

    def main_points(self, *figure_ids: str) -> None:
        """Put figures forward as main points of the front page, the most important first: those that happened."""
        for rank, figure_id in enumerate(figure_ids):
            figure = self.figure(figure_id)
            if (figure.value or figure.lower) and not telling.is_wide(figure):
                pieces, spoken = telling.said(figure, self.period.annual_report_year, self.language, dates=False)
                figure.page = self.page_of(figure.entry.theme)
                told = self._told(pieces, {figure_id: figure}, sentences.language_mark(spoken, self.language))
                self._record["main_points"].append({**told, "states": figure.named, "rank": rank})

    def chart(
        self, chart_id: str, fig, *, title: str, subtitle: str, source, alt: str, data: pd.DataFrame,
        columns: dict[str, str] | None = None, front: bool = False, slider: dict | None = None, **values,
    ) -> None:
        """Finish a chart in the house style, save it as SVG, PNG and CSV, and show it.

        Parameters
        ----------
        title, subtitle, alt : str
            The finding; what is shown, where, when and in which unit; what a reader who cannot see the chart needs to know:
            sentence templates, with fields as in `finding`.
        source : DataFrame or str
            The rows drawn, whose publishers are named; or the publishers.
        data : DataFrame
            The plotted values.
        columns : dict of str to str, optional
            Headings of columns that `pages.html_tables` does not know.
        front : bool
            Whether the front page shows it too.
        slider : dict, optional
            A grid of one year, of which a reader can choose another; see `fragments.chart`.
        """
        source = self.say(source) if isinstance(source, str) else self.publishers(source)
        for name, text in {"title": title, "subtitle": subtitle, "source": source, "alt": alt}.items():
            if not text:
                raise ValueError(f"chart {chart_id!r} has no {name}")
        values = {**self.figures, **values}
        subtitle, alt = (self.say(text, **values) for text in (subtitle, alt))
        title = self._title(title, values)
        charts.finish(fig, title, subtitle, self.language.after_colon(self.language.text("Source"), source))
        folder = self.folder / "charts"
        charts.save(fig, folder, chart_id, png=self.stem in declared.stems())  # a page alone has no use for one
        write_whole(folder / f"{chart_id}.csv", fragments.csv_text(data))
        states = self.in_order(data["iso3"]) if "iso3" in data else []
        texts = {"title": title, "subtitle": subtitle, "source": source, "alt": alt}
        self._record["charts"].append({"id": chart_id, **texts, "states": states, "front": front, "lang": title.lang})
        svg, narrow = ((folder / f"{chart_id}{end}.svg").read_text(encoding="utf-8") for end in ("", "-narrow"))
        columns = {name: self.language.text(heading) for name, heading in (columns or {}).items()}
        show(fragments.chart(chart_id, svg, **texts, data=data, columns=columns, states=states, labels=self.language,
                             said=readable.rows(data, self.language), narrow=narrow, slider=slider))

    def _title(self, title: str, values: dict) -> sentences.Said:
        """Fill a chart's title; numbers that are only the last word say so once, at its end."""
        named = {name: figure for name, figure in values.items() if f"{{{name}" in title and isinstance(figure, Figure)
                 and figure.only_last_word and figure.known_to}
        if not named:
            return self.say(title, **values)
        plain = {name: replace(figure, value=figure.last_word) for name, figure in named.items()}
        day = max(figure.known_to for figure in named.values())
        return self.say("{title}, by the last words up to {day}", title=self.say(title, **{**values, **plain}), day=day)

    def publishers(self, rows: pd.DataFrame) -> sentences.Said:
        """Name who stands behind rows, each once, the one behind most of them first; as they call themselves, in English."""
        named = (rows["publishers"].dropna().str.split("; ").explode() if "publishers" in rows
                 else rows["source"].dropna().map(publisher_of))
        ranked = list(named[named != ""].value_counts().index)
        more = [f"and {len(ranked) - MOST_PUBLISHERS} more"] if len(ranked) > MOST_PUBLISHERS else []
        return sentences.quoted("; ".join(ranked[:MOST_PUBLISHERS] + more), self.language)

    def table(self, table_id: str, frame: pd.DataFrame, caption: str, **options) -> None:
        """Show a table; `options` are those of `fragments.table` (columns, units, notes, iso3, groups)."""
        states = self.in_order(frame[options["iso3"]]) if "iso3" in options else []
        caption = sentences.label(caption, self.language)
        options["notes"] = sentences.labels(options.get("notes", ()), self.language)
        if "columns" in options:
            options["columns"] = {key: self.language.text(text) for key, text in options["columns"].items()}
        self._record["tables"].append({"id": table_id, "caption": caption, "rows": len(frame), "states": states})
        show(fragments.table(frame, table_id, caption, labels=self.language, **options))

    def action_table(self) -> None:
        """Show the section's table of the action plan that guides the period: goals, actions and state of play."""
        plans.show_table(self)

    def questions(self) -> None:
        """Show the discussion questions of the period, or say that none are recorded."""
        table = self.read("questions")
        table = table[(table["period"] == self.period.name) & (table["section"] == self.meta["section"])]
        if table.empty:
            self.note("No discussion questions are recorded for this period.")
            return
        self._record["questions"] = table[["letter", "text"]].to_dict("records")
        pairs = list(table[["letter", "text"]].itertuples(index=False))
        show(fragments.questions(pairs, sentences.language_mark(self.language.english, self.language)))

    def falls_due(self, rows: pd.DataFrame) -> None:
        """Show of rows (on, iso3, what) those that fall due up to the end of the next period, also between periods."""
        rows = rows[(rows["on"] > self.period.end) & (rows["on"] <= self.next.end)].sort_values(["on", "iso3", "what"])
        if rows.empty:
            self.note("Nothing that the sources tell falls due in the next period.")
            return
        told = rows[["on", "iso3", "what"]].assign(on=rows["on"].dt.strftime("%Y-%m-%d"))
        self._record["falls_due"] = told.to_dict("records")
        shown = rows.assign(on=rows["on"].map(self.language.date), name=rows["iso3"].map(self.state),
                            what=rows["what"].map(self.language.text), days=(rows["on"] - self.period.end).dt.days)
        show(fragments.falls_due(shown.to_dict("records"), labels=self.language))

    def show(self, html: str) -> None:
        """Show HTML made by `pages.fragments`."""
        show(html)

    def attach(self, name: str, frame: pd.DataFrame) -> None:
        """Keep a table as a CSV file of the report, beside figures.csv."""
        write_whole(self.folder / name, fragments.csv_text(frame))

    def note(self, text: str, **values) -> None:
        """Show a plain remark; its template is filled as in `say`."""
        said = text if isinstance(text, sentences.Said) else self.say(text, **values)
        self._record["notes"].append(said)
        show(fragments.note(said, said.lang))

    def close(self) -> None:
        """Show the figures that no sentence used, say what is not known, and write section.json."""
        told, unknown = [], []
        for key, figure in self.figures.items():
            if telling.says_nothing(figure):
                unknown.append(self.label(figure, many=True))
            elif key not in self._shown:
                told.append(self._figure_html(figure))
        if told:
            show(fragments.together(told, self.language.text("Further figures")))
        if unknown:
            self.note("Not known for this period: {labels}.", labels=self.language.series(unknown))
        if self.period.end > self.facts.treaty_known_to:  # a page says so at its top
            reach = "The depositary's record of signatures, deposits and withdrawals reaches {day}."
            self._record["notes"].append(self.say(reach, day=self.facts.treaty_known_to))
        title, subtitle = declared.heading(self.stem)
        record = {
            "schema": 2, "stem": self.stem, "section": self.meta["section"], "letter": self.meta.get("letter", ""),
            "in_draft": self.meta.get("draft", True),
            "title": self.language.text(title), "subtitle": self.language.text(subtitle), "period": self.period.name,
            "plan": plans.name(self), "meeting_days": activities.meeting_days(self),
            "activities": activities.record(self, plans.actions_answered(self)),
            "figures": [self._entry(key, figure) for key, figure in self.figures.items()], **self._record}
        write_whole(self.folder / "section.json", json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n")

    # ---- how it writes

    def _entry(self, key: str, figure: Figure) -> dict:
        tiles = self.meta.get("tiles", [])
        tile = 1 + tiles.index(key) if key in tiles else 0  # the first of a section that is known is shown
        label = self.label(figure)
        entry = {**figure.as_record(), "section": self.meta["section"], "label": label, "lang": label.lang, "tile": tile,
                 "shown": self.shown(figure), "refs": self._refs.get(key, [])}
        if tile and figure.entry.any_day:
            days = pd.date_range("2010-08-01", self.period.end, freq=HISTORY).append(pd.DatetimeIndex([self.period.end]))
            told = self.counts.series(key, days.unique())["value"]
            entry["history"] = [[f"{day:%Y-%m-%d}", None if pd.isna(number) else int(number)] for day, number in told.items()]
        return entry

    def say(self, template: str, **values) -> sentences.Said:
        """Fill a sentence template as plain text, for chart titles and descriptions."""
        return sentences.say(template, {**self.figures, **values}, self.language)

    def shown(self, figure: Figure) -> str:
        """Write a figure's value as a reader sees it."""
        return sentences.said(figure, "", self.language)

    def by_name(self, frame: pd.DataFrame, *first: str) -> pd.DataFrame:
        """Sort rows by columns and then by the name of their State, as the report lists States."""
        place = {iso3: at for at, iso3 in enumerate(self.in_order(frame["iso3"]))}
        return frame.sort_values([*first, "iso3"], key=lambda column: (
            column.map(place) if column.name == "iso3" else column), ignore_index=True)

    def _piece_html(self, piece: sentences.Piece, named: dict[str, Figure]) -> str:
        if piece.kind == "number":
            figure = named[piece.key]
            return fragments.number(piece.text, piece.key, self.label(figure), figure.page)
        if piece.kind == "state":
            return fragments.state(piece.text, piece.key)
        if piece.kind == "value" and self.language.direction == "rtl":
            return fragments.in_its_language(piece.text, "bdi")
        return fragments.marked(piece.text)

    def _figure_html(self, figure: Figure) -> str:
        change = ""
        if figure.change is not None and self.previous and figure.entry.any_day:  # periods are of unequal length
            change = self.language.text("{change} since {period}").format(
                change=self.language.change(figure.change), period=self.previous.name)
        columns = figure.evidence.reindex(columns=["iso3", "source", "row"]).fillna("")
        rows = [{"iso3": row.iso3, "state": self.state(row.iso3) if row.iso3 and ";" not in row.iso3 else "",
                 "date": self.language.date(figure.dates[row.iso3]) if row.iso3 in figure.dates else "",
                 "source": row.source, "row": row.row} for row in columns.itertuples()]
        unit = {"km2": "km²", "percent": "%"}.get(figure.unit, "")
        return fragments.figure(
            figure.figure_id, self.label(figure), self.shown(figure), unit,
            [(self.state(iso3), iso3) for iso3 in self.language.alphabetical(figure.named)], rows, change,
            self._refs.get(figure.figure_id, []), figure.note, labels=self.language)


def show(html: str) -> None:
    """Display HTML in the notebook."""
    display(HTML(html))
