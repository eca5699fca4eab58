"""What a notebook opens: the period, the tidy tables it declared, and a ledger of what it shows.

A notebook computes; the Section names, shows and records. Everything recorded goes to ``<out>/<stem>/section.json``
with the charts beside it, for the summary, the reconciliation, the index page and the drafts to read.
"""

import json
from functools import cached_property
from pathlib import Path

import pandas as pd
from IPython.display import HTML, display

from ccmlib import charts
from ccmlib.base.files import write_whole
from ccmlib.base.names import StateNames, name_key
from ccmlib.figures import action_plan, sentences
from ccmlib.figures import figure as figures
from ccmlib.figures.figure import Figure
from ccmlib.language.languages import Language
from ccmlib.notebook import declared, readable
from ccmlib.pages import fragments
from ccmlib.tidy import tables
from ccmlib.treaty import periods


def open_section(
    stem: str,
    *,
    period: str,
    from_on: str = "",
    to_on: str = "",
    processed: str = "../data/processed",
    out: str = "../reports/lab",
    locale: str = "en",
) -> "Section":
    """Open a section for its notebook; the arguments are the notebook's parameters.

    Parameters
    ----------
    stem : str
        The notebook's name without ending; its metadata say which section it is and which tables it reads.
    period : str
        Name of a reporting period; ignored when `from_on` and `to_on` are given.
    from_on, to_on : str
        First and last day of any other period, as ISO dates; both or none.
    processed, out : str
        Folder of the tidy tables, and folder to write to.
    locale : str
        One of en, fr, es, ru, ar, zh.
    """
    table = tables.load("periods", processed)
    chosen = periods.from_days(from_on, to_on) if from_on or to_on else periods.from_table(table, period)
    return Section(stem, chosen, Path(processed), Path(out), locale)


class Section:
    """One thematic section for one period.

    Attributes
    ----------
    period, previous, next : Period
        The period, the one before (None for the first) and the one after.
    day_before : Timestamp
        Last day of the period before; the day to compare with.
    figures : dict of str to Figure
        All figures so far, by figure_id.
    """

    def __init__(self, stem: str, period: periods.Period, processed: Path, out: Path, locale: str):
        self.stem = stem
        self.processed = processed
        self.meta = declared.metadata(stem)
        self.period = period
        all_periods = tables.load("periods", processed)
        self.previous = periods.before(all_periods, period)
        self.next = periods.after(all_periods, period)
        self.day_before = self.previous.end if self.previous else period.start - pd.Timedelta(days=1)
        self.locale = locale
        self.folder = out / stem
        self.out = out
        self.figures: dict[str, Figure] = {}
        self._record = {key: [] for key in ("findings", "charts", "tables", "questions", "falls_due", "notes")}
        self._read: dict[str, pd.DataFrame] = {}
        self._shown: set[str] = set()
        self._paragraph = 0
        charts.style(locale)

    # ---- what it reads

    def read(self, table: str) -> pd.DataFrame:
        """Read a tidy table that the notebook's metadata declare.

        Raises
        ------
        KeyError
            For a table that is not declared: the runner could not know when to run the notebook again.
        """
        if table not in self.meta["tables"]:
            raise KeyError(f"{self.stem} reads {table!r}: add it to ccm.tables in the notebook's metadata")
        if table not in self._read:
            self._read[table] = tables.load(table, self.processed)
        return self._read[table].copy()

    @cached_property
    def names(self) -> StateNames:
        """The State register's names."""
        return StateNames(tables.load("states", self.processed), [])

    @cached_property
    def language(self) -> Language:
        """Dates, numbers, names and labels in the report's language, State names as in use at the period's end."""
        register = tables.load("states", self.processed)
        english = {iso3: self.names.name(iso3, self.period.end) for iso3 in register["iso3"]}
        return Language(self.locale, english, dict(zip(register["iso3"], register["iso2"], strict=True)))

    def state(self, iso3: str) -> str:
        """Name a State in the report's language."""
        return self.language.state(iso3)

    def period_named(self, name: str) -> periods.Period:
        """Find another reporting period by name."""
        return periods.from_table(tables.load("periods", self.processed), name)

    def section_name(self, section: str) -> str:
        """Name a thematic section, such as "Victim assistance" for ``victim_assistance``."""
        return self.language.text(declared.SECTION_NAMES[section])

    def siblings(self) -> dict[str, dict]:
        """Read what the sections this notebook needs have recorded, by stem."""
        return {
            stem: json.loads((self.out / stem / "section.json").read_text(encoding="utf-8"))
            for stem in self.meta["needs"]
        }

    def borrow(self) -> dict[str, Figure]:
        """Give the figures of the sections this notebook needs, by figure_id, to be named in its own sentences."""
        return {
            record["figure_id"]: figures.from_record(record, f"{stem}.html")
            for stem, section in self.siblings().items()
            for record in section["figures"]
        }

    # ---- what it shows

    def figure(
        self,
        figure_id: str,
        rows: pd.DataFrame | None,
        label: str,
        *,
        unit: str = figures.STATES,
        refs: list[str] = (),
        before: pd.DataFrame | None = None,
        value=None,
        date: str | None = None,
        note: str = "",
        better: str = "",
    ) -> Figure:
        """Make a figure from the tidy rows behind it, and enter it in the ledger.

        Parameters
        ----------
        rows : DataFrame or None
            With iso3, source and row. The value is the number of distinct States, or of rows for any other unit.
            None: the exports hold nothing that could answer for this period.
        before : DataFrame or None
            The same rows as they stood at the end of the period before.
        value : number or Timestamp, optional
            When the figure is not a count of its rows.
        date : str, optional
            Column with the day that belongs to each State.
        """
        if figure_id in self.figures:
            raise ValueError(f"{self.stem} computes {figure_id!r} twice")
        evidence = pd.DataFrame(columns=["iso3", "source", "row"]) if rows is None else rows
        if "iso3" not in evidence:  # activities name no State of their own
            evidence = evidence.assign(iso3="")
        states = self.in_order(evidence["iso3"])
        row_ids = list(dict.fromkeys(evidence["row"].dropna()))
        dates = {} if date is None or rows is None else evidence.dropna(subset=[date]).set_index("iso3")[date].to_dict()
        fig = Figure(
            figure_id,
            label,
            figures.count(rows, unit) if value is None else value,
            unit,
            states,
            row_ids,
            self._tables_of(row_ids),
            list(refs),
            figures.count(before, unit),
            [] if before is None else self.in_order(before["iso3"]),
            dates,
            evidence,
            note,
            better,
        )
        self.figures[figure_id] = fig
        return fig

    def finding(
        self,
        template: str,
        *,
        one: str | None = None,
        none: str | None = None,
        count: Figure | None = None,
        refs: list[str] = (),
        **values,
    ) -> None:
        """Show a numbered finding: a sentence whose numbers and States are computed.

        Parameters
        ----------
        template, one, none : str
            The sentence for several, for one and for none, chosen by `count`; see `sentences.compose` for its fields.
        count : Figure, optional
            Also available in the templates as ``{count}``.
        refs : list of str
            Paragraphs of the report that say the same.
        """
        if count is not None:
            values["count"] = count
            template = {1: one, 0: none}.get(count.value) or template
        used = [value for value in values.values() if isinstance(value, Figure)]
        try:
            pieces, language = sentences.compose_for(template, values, self.language)
        except sentences.MissingFigure:
            missing = [fig.label for fig in used if fig.value is None]
            sentence = "The exports hold no rows for this period on: {labels}."
            _, spoken = self.language.speaking(sentence)
            self.no_rows(self.say(sentence, labels="; ".join(map(spoken.text, missing))))
            return
        self._paragraph += 1
        finding_id = f"f-{self.stem[:2]}-{self._paragraph}"
        named = {fig.figure_id: fig for fig in used}
        html = "".join(self._piece_html(piece, named) for piece in pieces)
        states = sentences.states_in(pieces)
        self._record["findings"].append(
            {
                "id": finding_id,
                "text": sentences.plain(pieces),
                "html": html,
                "refs": list(refs),
                "states": states,
                "figures": [fig.figure_id for fig in used],
                "lang": language,
            }
        )
        first_shown = [self._figure_html(fig) for fig in used if fig.figure_id not in self._shown and not fig.page]
        self._shown.update(fig.figure_id for fig in used)
        show(fragments.finding(html, finding_id, refs, first_shown, states, language, labels=self.language))

    def chart(
        self,
        chart_id: str,
        fig,
        *,
        title: str,
        subtitle: str,
        source: str,
        alt: str,
        data: pd.DataFrame,
        columns: dict[str, str] | None = None,
        **values,
    ) -> None:
        """Finish a chart in the house style, save it as SVG, PNG and CSV, and show it.

        Parameters
        ----------
        title : str
            The finding, as a sentence template.
        subtitle : str
            What is shown, where, when and in which unit.
        source : str
            Publisher and document of the data.
        alt : str
            What a reader who cannot see the chart needs to know; a sentence template.
        data : DataFrame
            The plotted values.
        columns : dict of str to str, optional
            Headings of columns that `pages.headings` does not know.
        """
        for name, text in {"title": title, "subtitle": subtitle, "source": source, "alt": alt}.items():
            if not text:
                raise ValueError(f"chart {chart_id!r} has no {name}")
        title, subtitle, alt = (self.say(text, **values) for text in (title, subtitle, alt))
        charts.finish(fig, title, subtitle, self.language.after_colon(self.language.text("Source"), source))
        folder = self.folder / "charts"
        charts.save(fig, folder, chart_id)
        write_whole(folder / f"{chart_id}.csv", fragments.csv_text(data))
        states = self.in_order(data["iso3"]) if "iso3" in data else []
        self._record["charts"].append(
            {"id": chart_id, "title": title, "subtitle": subtitle, "source": source, "alt": alt, "states": states}
        )
        svg = (folder / f"{chart_id}.svg").read_text(encoding="utf-8")
        columns = {name: self.language.text(heading) for name, heading in (columns or {}).items()}
        said = readable.rows(data, self.language)
        show(fragments.chart(
            chart_id, svg, title, subtitle, source, alt, data, columns, labels=self.language, said=said))

    def table(self, table_id: str, frame: pd.DataFrame, caption: str, **options) -> None:
        """Show a table; `options` are those of `fragments.table` (columns, units, notes, iso3, groups)."""
        iso3 = options.get("iso3")
        states = self.in_order(frame[iso3]) if iso3 else []
        caption = self.language.text(caption)
        options["notes"] = sentences.labels(options.get("notes", ()), self.language)
        if options.get("columns"):
            options["columns"] = {key: self.language.text(text) for key, text in options["columns"].items()}
        self._record["tables"].append({"id": table_id, "caption": caption, "rows": len(frame), "states": states})
        show(fragments.table(frame, table_id, caption, labels=self.language, **options))

    def action_table(self) -> None:
        """Show the section's Table of the report, goals, actions and state of play; say so where no plan applies."""
        whole, table = self.read("action_plan"), self.read("periods")
        in_effect = action_plan.in_effect(whole, table, self.period)
        if in_effect.empty:
            for plan in whole.drop_duplicates("plan").itertuples():
                first, last = (periods.from_table(table, name) for name in (plan.guides_from, plan.guides_to))
                self.no_rows(self.say(
                    "No action plan in the exports applies to this period. The {plan} guides the work from the {first} "
                    "({first_year}) to the {last} ({last_year}).", plan=self.language.text(plan.plan),
                    first=self.language.text(first.meeting), first_year=str(first.end.year),
                    last=self.language.text(last.meeting), last_year=str(last.end.year)))
            return
        own = in_effect[in_effect["section"] == self.meta["section"]]
        goals, actions = list(own.loc[own["kind"] == "goal", "text"]), own[own["kind"] == "action"]
        play = [self._state_of_play(action.figure_ids.split(";")) for action in actions.itertuples()]
        number = 1 + list(dict.fromkeys(in_effect["section"])).index(self.meta["section"])
        self._record["action_table"] = {
            "number": number,
            "plan": own["plan"].iloc[0],
            "goals": goals,
            "actions": [
                {"action": text, "state_of_play": [line for _, line in lines]}
                for text, lines in zip(actions["text"], play, strict=True)
            ],
        }
        rows = [
            {"goals": [] if place else goals, "action": text, "state_of_play": [html for html, _ in lines]}
            for place, (text, lines) in enumerate(zip(actions["text"], play, strict=True))
        ]
        caption = self.language.text("Table {number}. Goals, actions and state of play").format(number=number)
        show(fragments.action_table(rows, f"goals-{self.meta['section']}", caption, labels=self.language))

    def questions(self) -> None:
        """Show the discussion questions of the period, or say that none are recorded."""
        table = self.read("questions")
        table = table[(table["period"] == self.period.name) & (table["section"] == self.meta["section"])]
        if table.empty:
            self.no_rows(self.say("No discussion questions are recorded for this period."))
            return
        pairs = list(zip(table["letter"], table["text"], strict=True))
        self._record["questions"] = [{"letter": letter, "text": text} for letter, text in pairs]
        show(fragments.questions(pairs, "" if self.locale == "en" else "en"))

    def falls_due(self, rows: pd.DataFrame) -> None:
        """Show what falls due in the next period.

        Parameters
        ----------
        rows : DataFrame
            on (Timestamp), iso3, what (text). Rows up to the end of the next period are shown, also between periods:
            1 August 2020 lies between that of the Second Review Conference and that of the Tenth Meeting.
        """
        rows = rows[(rows["on"] > self.period.end) & (rows["on"] <= self.next.end)].sort_values(["on", "iso3", "what"])
        if rows.empty:
            self.no_rows(self.say("Nothing that the exports know of falls due in the next period."))
            return
        days = (rows["on"] - self.period.end).dt.days
        self._record["falls_due"] = [
            {"on": f"{row.on:%Y-%m-%d}", "iso3": row.iso3, "what": row.what} for row in rows.itertuples()
        ]
        show(
            fragments.falls_due(
                [
                    {
                        "on": self.language.date(row.on),
                        "name": self.state(row.iso3),
                        "iso3": row.iso3,
                        "what": self.language.text(row.what),
                        "days": int(left),
                    }
                    for row, left in zip(rows.itertuples(), days, strict=True)
                ],
                labels=self.language,
            )
        )

    def attach(self, name: str, frame: pd.DataFrame) -> None:
        """Keep a table as a CSV file of the report, beside figures.csv."""
        write_whole(self.folder / name, fragments.csv_text(frame))

    def no_rows(self, text: str) -> None:
        """Say plainly that the exports hold nothing for this, in a text from `say`."""
        self._record["notes"].append(text)
        show(fragments.no_rows(text, sentences.label(text, self.language).lang))

    def note(self, text: str) -> None:
        """Show a plain remark."""
        said = text if isinstance(text, sentences.Said) else self.say(text)
        show(fragments.note(said, said.lang))

    def close(self) -> None:
        """Show the figures that no sentence used, and write section.json."""
        rest = [self._figure_html(fig) for key, fig in self.figures.items() if key not in self._shown]
        if rest:
            show(fragments.figures(rest, self.language.text("Further figures")))
        title, subtitle = declared.heading(self.stem)
        record = {
            "schema": 1,
            "stem": self.stem,
            "section": self.meta["section"],
            "letter": self.meta.get("letter", ""),
            "title": self.language.text(title),
            "subtitle": self.language.text(subtitle),
            "period": self.period.name,
            "figures": [
                {
                    **fig.as_record(),
                    "shown": self.shown(fig),
                    "label": (label := sentences.label(fig.label, self.language)),
                    "lang": label.lang,
                    "tile": key in self.meta.get("tiles", []),
                }
                for key, fig in self.figures.items()
            ],
            **self._record,
        }
        text = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        write_whole(self.folder / "section.json", text)

    # ---- how it writes

    def say(self, template: str, **values) -> sentences.Said:
        """Fill a sentence template as plain text, for chart titles and descriptions."""
        return sentences.say(template, values, self.language)

    def shown(self, fig: Figure) -> str:
        """Write a figure's value as a reader sees it."""
        if fig.value is None:
            return self.language.text("not known")
        is_date = isinstance(fig.value, (pd.Timestamp, str))
        return self.language.date(fig.value) if is_date else self.language.number(fig.value)

    def in_order(self, iso3: pd.Series) -> list[str]:
        """Give distinct ISO3 codes in the order of the States' names at the period's end, accents aside."""
        codes = iso3[iso3.notna() & (iso3 != "")].unique()
        return sorted(codes, key=lambda code: name_key(self.names.name(code, self.period.end)))

    def by_name(self, frame: pd.DataFrame, *first: str) -> pd.DataFrame:
        """Sort rows by columns and then by the name of their State, as the report lists States."""
        place = {iso3: at for at, iso3 in enumerate(self.in_order(frame["iso3"]))}
        return frame.sort_values([*first, "iso3"], key=lambda column: column.map(place) if column.name == "iso3" else
                                 column, ignore_index=True)

    def _state_of_play(self, figure_ids: list[str]) -> list[tuple[str, str]]:
        """Write the figures that answer an action, as HTML and as text; those of other sections lead there."""
        found = [self.figures.get(key) or action_plan.shared_figure(key, self.read, self.period) for key in figure_ids]
        lines = []
        for fig in filter(None, found):
            label = self.language.text(fig.label)
            number = fragments.number(self.shown(fig), fig.figure_id, label if fig.page else "", fig.page)
            order = "{label}: {number}" if fig.value is None else "{number} {label}"
            lines.append((
                order.format(label=fragments.escape(label), number=number),
                order.format(label=label, number=self.shown(fig)),
            ))
        nothing = self.language.text("Not in the exports.")
        return lines or [(fragments.escape(nothing), nothing)]

    def _piece_html(self, piece: sentences.Piece, named: dict[str, Figure]) -> str:
        if piece.kind == "number":
            fig = named[piece.key]
            return fragments.number(piece.text, piece.key, self.language.text(fig.label), fig.page)
        if piece.kind == "state":
            return fragments.state(piece.text, piece.key)
        if piece.kind == "value" and self.language.direction == "rtl":
            return fragments.isolated(piece.text)
        return fragments.escape(piece.text)

    def _figure_html(self, fig: Figure) -> str:
        change = ""
        if fig.change is not None and self.previous:
            change = self.language.text("{change} since {period}").format(
                change=self.language.change(fig.change), period=self.previous.name
            )
        rows = [
            {
                "iso3": row.iso3,
                "state": self.state(row.iso3) if row.iso3 else "",
                "date": self.language.date(fig.dates[row.iso3]) if row.iso3 in fig.dates else "",
                "source": row.source,
                "row": row.row,
            }
            for row in fig.evidence[["iso3", "source", "row"]].fillna("").itertuples()
        ]
        # A label is phrased to follow its number: "100 States Parties", not "100 States States Parties".
        unit = {"km2": "km²", "percent": "%"}.get(fig.unit, "")
        return fragments.figure(
            fig.figure_id,
            sentences.label(fig.label, self.language),
            self.shown(fig),
            unit,
            [(self.state(iso3), iso3) for iso3 in self.language.alphabetical(fig.states)],
            rows,
            change,
            fig.refs,
            fig.note,
            labels=self.language,
        )

    def _tables_of(self, row_ids: list[str]) -> list[str]:
        wanted = set(row_ids)
        return [name for name, table in self._read.items() if "row" in table and wanted & set(table["row"])]


def show(html: str) -> None:
    """Display HTML in the notebook."""
    display(HTML(html))
