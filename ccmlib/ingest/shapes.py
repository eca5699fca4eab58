"""Shapes of sheets: from the rows of a sheet to rows of tidy tables, one function a shape.

The first line of a shape's docstring documents it (`ccmlib.tidy.describe`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ccmlib.base import fields
from ccmlib.base.problems import Problems
from ccmlib.base.publishers import publisher_of, rank_of
from ccmlib.ingest import register, statements, untc
from ccmlib.ingest.rows import Rows

Made = dict[str, pd.DataFrame]

#: A paragraph in a source: ``30 (d)``, ``14``.
_PARAGRAPH = re.compile(r"\b\d{1,3}\b(?: ?\([a-z]\))?")
_PERIOD = r"[A-Za-z0-9][\w.-]{0,30}"
_SPANS = (("from_on", "to_on"), ("first_on", "last_on"), ("start", "end"))
_VALUE = {
    "number": (r"-?\d+(?:\.\d+)?", "a number without separators, such as 54800"),
    "year": (r"(?:19|20)\d\d", "a year with four digits"),
    "date": (r"(?:19|20)\d\d-\d\d(?:-\d\d)?", "a date such as 2016-06-30 or 2020-03"),
}


@dataclass(frozen=True)
class Shape:
    """How the rows of a sheet become rows of tidy tables."""

    make: Callable[[Rows, Problems], Made]  # takes Rows and Problems, gives rows by table
    tables: tuple[str, ...]  # tables that it gives rows for; any one when empty
    # fields that the layout must fill; those that may be filled beside the fields of the tables; those of the tables that
    # the shape fills itself. An asterisk: any
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    gives: tuple[str, ...]
    text: str  # what it does


#: Shapes by name.
SHAPES: dict[str, Shape] = {}


def shape(name: str, tables: str = "", needs: str = "", uses: str = "", gives: str = "") -> Callable:
    """Register a shape; names of tables and fields with spaces between them."""

    def register(make: Callable[[Rows, Problems], Made]) -> Callable:
        parts = (tuple(part.split()) for part in (tables, needs, uses, gives))
        SHAPES[name] = Shape(make, *parts, text=make.__doc__.splitlines()[0])
        return make

    return register


def _day(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d")


def _publishers(rows: Rows) -> pd.Series:
    return rows.frame["source"].fillna("").map(publisher_of).astype("str")


@shape("plain")
def plain(rows: Rows, problems: Problems) -> Made:
    """Take each row as one row of the table; a span does not end before it begins."""
    for first, last in _SPANS:
        if {first, last} <= set(rows.letters):
            wrong = rows.frame[last] < rows.frame[first]
            rows.refuse(problems, wrong, last, "a day not before " + _day(rows.frame[first]))
    return {rows.rule.feeds[0]: rows.frame.assign(row=rows.row_ids)}


@shape("observations", "observations", "iso3 question answer last_on source", gives="became publisher")
def observations(rows: Rows, problems: Problems) -> Made:
    """Take each row as one answer; `became` is false, and the publisher that of the source, unless a column says so."""
    frame = plain(rows, problems)["observations"]
    publisher = frame["publisher"].where(frame["publisher"].fillna("") != "", _publishers(rows)).astype("str")
    return {"observations": frame.assign(became=frame["became"].astype("boolean").fillna(False), publisher=publisher)}


@shape("obligations", "obligations", "iso3")
def obligations(rows: Rows, problems: Problems) -> Made:
    """Take each row as one obligation; how it ended goes with when it ended."""
    ended, kind = rows.frame["ended"].notna(), rows.frame["end_kind"].fillna("") != ""
    rows.refuse(problems, ended & ~kind, "end_kind", "how the obligation ended, as it has an end")
    rows.refuse(problems, kind & ~ended, "ended", "when the obligation ended, as it says how")
    return plain(rows, problems)


@shape("deadlines", "deadlines", "iso3 kind")
def deadlines(rows: Rows, problems: Problems) -> Made:
    """Take each row as a deadline with its day, or an extension with its months."""
    deadline, months, known = (rows.frame[name] for name in ("deadline_on", "months", "known_on"))
    missing = deadline.isna() & months.isna()
    rows.refuse(problems, missing, "deadline_on", "a deadline, or the months of the extension")
    long_past = "a deadline that is not years before " + _day(known) + ", when it was known"
    rows.refuse(problems, deadline < known - pd.DateOffset(years=2), "deadline_on", long_past)
    return plain(rows, problems)


@shape("reports", "reports", "iso3", gives="rank")
def reports(rows: Rows, problems: Problems) -> Made:
    """Take each row as an Article 7 report, with the rank of its publisher where publishers disagree."""
    ranks = [rank_of(publisher, "reports") for publisher in _publishers(rows)]
    return {"reports": rows.frame.assign(row=rows.row_ids, rank=pd.array(ranks, dtype="int64"))}


@shape("quantities", "disclosures", "iso3 indicator value unit", "as_of_covers_year value_text unit_remark",
       "text remarks covers_year")  # fmt: skip
def quantities(rows: Rows, problems: Problems) -> Made:
    """Take each row as a quantity in the unit of its indicator, as of a day or for a calendar year."""
    frame = rows.frame
    units = frame["indicator"].map({name: entry["unit"] for name, entry in fields.indicators().items()})
    rows.refuse(problems, frame["unit"].notna() & units.notna() & (frame["unit"] != units), "unit", units)
    years = pd.to_numeric(frame["as_of_covers_year"]).astype("Int64")
    tidy = frame.assign(row=rows.row_ids, text=frame["value_text"], remarks=frame["unit_remark"],
                        covers_year=frame["covers_year"].astype("Int64").fillna(years))  # fmt: skip
    return {"disclosures": tidy}


@shape("legislation", "disclosures", "iso3 indicator text as_of", "text text_stated", "value publisher")
def legislation(rows: Rows, problems: Problems) -> Made:
    """Take each row as a stage of national legislation; the date is kept in the words of the source."""
    words = rows.frame["text_stated"]
    return {"disclosures": rows.frame.assign(row=rows.row_ids, value=1.0, text=words, publisher=_publishers(rows))}


@shape("victims", "disclosures obligations", "iso3 text", "iso3_name", "value remarks")
def victims(rows: Rows, problems: Problems) -> Made:
    """Take each row as a State or territory with victims; a State Party has an obligation under Article 5."""
    frame = rows.frame.assign(row=rows.row_ids, value=1.0, remarks=rows.frame["iso3_name"])
    named = frame["iso3_name"].fillna("") != ""
    expected = named.map({True: "Territory", False: "State Party, Signatory or State not party"})
    rows.refuse(problems, (named != (frame["text"] == "Territory")) & frame["text"].notna(), "text", expected)
    parties = frame.loc[frame["text"] == "State Party", ["iso3", "article", "source", "row"]]
    return {"disclosures": frame, "obligations": parties.reset_index(drop=True)}


@shape("marks", "disclosures", "iso3 publisher source", "report", "indicator value unit text")
def marks(rows: Rows, problems: Problems) -> Made:
    """Turn a matrix of marks into one row a mark; the paragraphs of a row's marks are those that its source lists."""
    columns = [column for column in rows.rule.columns if column.marks]
    both = rows.frame["report"].fillna("") + "; " + rows.frame["remarks"].fillna("")
    frame = rows.frame.assign(remarks=both.str.strip("; "))
    parts = [frame.iloc[:0]]
    for column in columns:
        stated = dict(column.marks)
        source = frame["publisher"] + f", para {stated.pop('paragraph')}"
        text = frame[f"{column.field}_text"] if stated.pop("text", False) else None
        part = frame.assign(**stated, value=frame[column.field], row=rows.cell_ids(column.field), unit="reported",
                            text=text, source=source)  # fmt: skip
        parts.append(part[part["value"].notna()])
    _compare_with_source(rows, columns, problems)
    return {"disclosures": pd.concat(parts[1:] or parts, ignore_index=True)}


def _compare_with_source(rows: Rows, columns: list, problems: Problems) -> None:
    """Find marks that the row's source does not list, and paragraphs in it that have no mark."""
    listed = [_paragraphs(source) for source in rows.frame["source"].fillna("")]
    for paragraph in dict.fromkeys(column.marks["paragraph"] for column in columns):
        names = [column.field for column in columns if column.marks["paragraph"] == paragraph]
        for at, (held, in_source) in enumerate(zip(rows.frame[names].notna().to_numpy(), listed, strict=True)):
            if held.any() and paragraph not in in_source:
                expected = f"none, as the source of the row does not list para {paragraph}"
                rows.problem(problems, at, names[held.argmax()], found="a mark", expected=expected)
            elif paragraph in in_source and not held.any():
                expected = f"a mark, as the source of the row lists para {paragraph}"
                rows.problem(problems, at, names[0], expected=expected)


def _paragraphs(source: str) -> set[str]:
    """Give the paragraphs that a source lists.

    Examples
    --------
    >>> sorted(_paragraphs("6MSP report, paras 30 (d), 14"))
    ['14', '30 (d)']
    """
    return {re.sub(r" ?\(", " (", found) for found in _PARAGRAPH.findall(source)}


def _from_document(rows: Rows, where: "str | pd.Series", **more: object) -> Made:
    """Take the rows as they are; their source is the document of the card, and where in it."""
    source = rows.frame["document"] + ", " + where
    return {rows.rule.feeds[0]: rows.frame.assign(row=rows.row_ids, source=source, **more)}


@shape("published_figures", "published_figures", "ref value value_kind", gives="source")
def published_figures(rows: Rows, problems: Problems) -> Made:
    """Take each row as a figure that a report printed; its source is the document of the card and its reference."""
    value, kinds = rows.frame["value"].fillna(""), rows.frame["value_kind"]
    for kind, (pattern, expected) in _VALUE.items():
        rows.refuse(problems, (kinds == kind) & (value != "") & ~value.str.fullmatch(pattern), "value", expected)
    return _from_document(rows, rows.frame["ref"].fillna(""))


@shape("action_plan", "action_plan", "text", gives="source")
def action_plan(rows: Rows, problems: Problems) -> Made:
    """Take each row as a goal or action of an action plan."""
    figures = rows.frame["figure_ids"].fillna("").str.replace(r"\s*;\s*", ";", regex=True)
    return _from_document(rows, "Tables 1 to 7", figure_ids=figures)


@shape("action_plans", "action_plans", gives="source")
def action_plans(rows: Rows, problems: Problems) -> Made:
    """Take each row as a plan and the periods it guides; without an address its source is the document of the card."""
    source = rows.frame["source"].where(rows.frame["source"].notna(), rows.frame["document"])
    return {"action_plans": rows.frame.assign(row=rows.row_ids, source=source)}


@shape("periods", "periods", "period start end")
def periods(rows: Rows, problems: Problems) -> Made:
    """Take each row as a reporting period: in order, none over another, with a name that can name a folder."""
    start, end, year = (rows.frame[name] for name in ("start", "end", "annual_report_year"))
    before = end.shift().cummax()
    rows.refuse(problems, start <= before, "start", "a day after " + _day(before) + ", when the period before ends")
    name = "a name of letters, digits, full stops, hyphens and underscores that begins with a letter or digit"
    rows.refuse(problems, ~rows.frame["period"].fillna("x").str.fullmatch(_PERIOD), "period", name)
    near = "the year before the period, or one within it"
    rows.refuse(problems, (year < start.dt.year - 1) | (year > end.dt.year), "annual_report_year", near)
    return plain(rows, problems)


@shape("questions", "questions", "text", gives="source")
def questions(rows: Rows, problems: Problems) -> Made:
    """Take each row as a question for discussion."""
    return _from_document(rows, "part III, heading 1 of each section")


@shape("spellings", "state_names territories", "name", gives="source")
def spellings(rows: Rows, problems: Problems) -> Made:
    """Take each row as a name; its source is its note, or else the file."""
    source = rows.frame["note"].fillna("").replace("", rows.file)
    return {rows.rule.feeds[0]: rows.frame.assign(row=rows.row_ids, source=source)}


_NAMES = " ".join(f"{kind}_{code}" for kind in ("short", "formal", "official") for code in register.LANGUAGES)
shape("country_codes", "state_names_un", "iso3", _NAMES, "language short_name source")(register.country_codes)
shape("facts", "observations disclosures deadlines activities background", "iso3 theme field value unit as_of source",
      "*", "*")(statements.facts)  # fmt: skip
_OF_ACTIONS = {"tables": "treaty_actions observations",
               "gives": "action date source question answer last_on became publisher"}  # fmt: skip
shape("participants", needs="iso3 signature deposit", uses="signature deposit provisional signature_action "
      "deposit_action provisional_action", **_OF_ACTIONS)(untc.participants)  # fmt: skip
shape("actions", needs="iso3 action date", uses="action date", **_OF_ACTIONS)(untc.actions)


@shape("participant_sources", "treaty_actions", "iso3 source", gives="action date")
def participant_sources(rows: Rows, problems: Problems) -> Made:
    """Take where the dates of each participant are from; read with the sheet of the shape `participants`."""
    rows.report.arrived(set(), rows.numbers.tolist(), "source of the dates of a participant")
    return {}
