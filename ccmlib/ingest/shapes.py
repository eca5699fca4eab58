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
from ccmlib.ingest import facts, register, untc
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
    """How the rows of a sheet become rows of tidy tables.

    Attributes
    ----------
    make : callable
        Takes Rows and Problems, gives rows by table.
    tables : tuple of str
        Tables that it gives rows for; any one when empty.
    needs, uses, gives : tuple of str
        Fields that the layout must fill; those that may be filled beside the fields of the tables; those of the tables
        that the shape fills itself. An asterisk: any.
    text : str
        What it does.
    """

    make: Callable[[Rows, Problems], Made]
    tables: tuple[str, ...]
    needs: tuple[str, ...]
    uses: tuple[str, ...]
    gives: tuple[str, ...]
    text: str


#: Shapes by name.
SHAPES: dict[str, Shape] = {}


def shape(name: str, tables: str = "", needs: str = "", uses: str = "", gives: str = "") -> Callable:
    """Register a shape; names of tables and fields with spaces between them."""

    def register(make: Callable[[Rows, Problems], Made]) -> Callable:
        parts = (tuple(part.split()) for part in (tables, needs, uses, gives))
        SHAPES[name] = Shape(make, *parts, text=make.__doc__.splitlines()[0])
        return make

    return register


@shape("plain")
def plain(rows: Rows, problems: Problems) -> Made:
    """Take each row as one row of the table; a span does not end before it begins."""
    for first, last in _SPANS:
        if {first, last} <= set(rows.letters):
            days = rows.frame[[first, last]]
            for at in days.index[days[last] < days[first]]:
                expected = f"a day not before {days[first][at]:%Y-%m-%d}"
                rows.problem(problems, at, last, found=f"{days[last][at]:%Y-%m-%d}", expected=expected)
    return {rows.rule.feeds[0]: rows.frame.assign(row=rows.row_ids)}


@shape("observations", "observations", "iso3 question answer last_on source", gives="became publisher")
def observations(rows: Rows, problems: Problems) -> Made:
    """Take each row as one answer; `became` is false, and the publisher that of the source, unless a column says so."""
    frame = plain(rows, problems)["observations"]
    publisher = frame["source"].fillna("").map(publisher_of)
    publisher = frame["publisher"].where(frame["publisher"].fillna("") != "", publisher).astype("str")
    return {"observations": frame.assign(became=frame["became"].astype("boolean").fillna(False), publisher=publisher)}


@shape("obligations", "obligations", "iso3")
def obligations(rows: Rows, problems: Problems) -> Made:
    """Take each row as one obligation; how it ended goes with when it ended."""
    frame = rows.frame
    ended, kind = frame["ended"].notna(), frame["end_kind"].fillna("") != ""
    for at in frame.index[ended & ~kind]:
        rows.problem(problems, at, "end_kind", expected="how the obligation ended, as it has an end")
    for at in frame.index[kind & ~ended]:
        rows.problem(problems, at, "ended", expected="when the obligation ended, as it says how")
    return {"obligations": frame.assign(row=rows.row_ids)}


@shape("deadlines", "deadlines", "iso3 kind")
def deadlines(rows: Rows, problems: Problems) -> Made:
    """Take each row as a deadline with its day, or an extension with its months."""
    frame = rows.frame
    for at in frame.index[frame["deadline_on"].isna() & frame["months"].isna()]:
        rows.problem(problems, at, "deadline_on", expected="a deadline, or the months of the extension")
    long_past = frame["deadline_on"] < frame["known_on"] - pd.DateOffset(years=2)
    for at in frame.index[long_past]:
        expected = "a deadline that is not years before the day on which it was known"
        found = f"{frame['deadline_on'][at]:%Y-%m-%d}, as of {frame['known_on'][at]:%Y-%m-%d}"
        rows.problem(problems, at, "deadline_on", found=found, expected=expected)
    return {"deadlines": frame.assign(row=rows.row_ids)}


@shape("reports", "reports", "iso3", gives="rank")
def reports(rows: Rows, problems: Problems) -> Made:
    """Take each row as an Article 7 report, with the rank of its publisher where publishers disagree."""
    ranks = [rank_of(publisher_of(source), "reports") for source in rows.frame["source"].fillna("")]
    return {"reports": rows.frame.assign(row=rows.row_ids, rank=pd.array(ranks, dtype="int64"))}


@shape("quantities", "disclosures", "iso3 indicator value unit", "as_of_covers_year value_text unit_remark",
       "text remarks covers_year")  # fmt: skip
def quantities(rows: Rows, problems: Problems) -> Made:
    """Take each row as a quantity in the unit of its indicator, as of a day or for a calendar year."""
    frame = rows.frame
    units = frame["indicator"].map({name: entry["unit"] for name, entry in fields.indicators().items()})
    for at in frame.index[frame["unit"].notna() & units.notna() & (frame["unit"] != units)]:
        rows.problem(problems, at, "unit", found=frame["unit"][at], expected=units[at])
    years = pd.to_numeric(frame["as_of_covers_year"]).astype("Int64")
    tidy = frame.assign(row=rows.row_ids, text=frame["value_text"], remarks=frame["unit_remark"],
                        covers_year=frame["covers_year"].astype("Int64").fillna(years))  # fmt: skip
    return {"disclosures": tidy}


@shape("legislation", "disclosures", "iso3 indicator text as_of", "text text_stated", "value publisher")
def legislation(rows: Rows, problems: Problems) -> Made:
    """Take each row as a stage of national legislation; the date is kept in the words of the source."""
    frame = rows.frame
    publisher = frame["source"].fillna("").map(publisher_of).astype("str")
    return {"disclosures": frame.assign(row=rows.row_ids, value=1.0, text=frame["text_stated"], publisher=publisher)}


@shape("victims", "disclosures obligations", "iso3 text", "iso3_name", "value remarks")
def victims(rows: Rows, problems: Problems) -> Made:
    """Take each row as a State or territory with victims; a State Party has an obligation under Article 5."""
    frame = rows.frame.assign(row=rows.row_ids, value=1.0, remarks=rows.frame["iso3_name"])
    named = frame["iso3_name"].fillna("") != ""
    for at in frame.index[(named != (frame["text"] == "Territory")) & frame["text"].notna()]:
        expected = "Territory" if named[at] else "State Party, Signatory or State not party"
        rows.problem(problems, at, "text", found=frame["text"][at], expected=expected)
    parties = frame.loc[frame["text"] == "State Party", ["iso3", "article", "source", "row"]]
    return {"disclosures": frame, "obligations": parties.reset_index(drop=True)}


@shape("marks", "disclosures", "iso3 publisher source", "report", "indicator value unit text")
def marks(rows: Rows, problems: Problems) -> Made:
    """Turn a matrix of marks into one row a mark; the paragraphs of a row's marks are those that its source lists."""
    parts = []
    frame = rows.frame
    both = frame["report"].fillna("") + "; " + frame["remarks"].fillna("")
    frame = frame.assign(remarks=both.str.strip("; "))
    for column in rows.rule.columns:
        if not column.marks:
            continue
        stated = dict(column.marks)
        paragraph, text = stated.pop("paragraph"), stated.pop("text", False)
        part = frame.assign(**stated, value=frame[column.field], row=rows.cell_ids(column.field), unit="reported")
        part["text"] = frame[f"{column.field}_text"] if text else None
        part["source"] = part["publisher"] + f", para {paragraph}"
        parts.append(part[part["value"].notna()])
    _compare_with_source(rows, problems)
    return {"disclosures": pd.concat(parts, ignore_index=True) if parts else frame.iloc[:0]}


def _compare_with_source(rows: Rows, problems: Problems) -> None:
    """Find marks that the row's source does not list, and paragraphs in it that have no mark."""
    by_paragraph: dict[str, list] = {}
    for column in rows.rule.columns:
        if column.marks:
            by_paragraph.setdefault(column.marks["paragraph"], []).append(column.field)
    listed = [_paragraphs(source) for source in rows.frame["source"].fillna("")]
    for paragraph, columns in by_paragraph.items():
        marked = rows.frame[columns].notna()
        for at, in_source in enumerate(listed):
            if marked.iloc[at].any() and paragraph not in in_source:
                expected = f"none, as the source of the row does not list para {paragraph}"
                rows.problem(problems, at, marked.columns[marked.iloc[at]][0], found="a mark", expected=expected)
            elif paragraph in in_source and not marked.iloc[at].any():
                expected = f"a mark, as the source of the row lists para {paragraph}"
                rows.problem(problems, at, columns[0], expected=expected)


def _paragraphs(source: str) -> set[str]:
    """Give the paragraphs that a source lists.

    Examples
    --------
    >>> sorted(_paragraphs("6MSP report, paras 30 (d), 14"))
    ['14', '30 (d)']
    """
    return {re.sub(r" ?\(", " (", found) for found in _PARAGRAPH.findall(source)}


@shape("published_figures", "published_figures", "ref value value_kind", gives="source")
def published_figures(rows: Rows, problems: Problems) -> Made:
    """Take each row as a figure that a report printed; its source is the document of the card and its reference."""
    frame = rows.frame
    for at, (value, kind) in enumerate(zip(frame["value"].fillna(""), frame["value_kind"].fillna(""), strict=True)):
        pattern, expected = _VALUE.get(kind, (".*", ""))
        if value and not re.fullmatch(pattern, value):
            rows.problem(problems, at, "value", found=value, expected=expected)
    source = frame["document"] + ", " + frame["ref"].fillna("")
    return {"published_figures": frame.assign(row=rows.row_ids, source=source)}


@shape("action_plan", "action_plan", "text", gives="source")
def action_plan(rows: Rows, problems: Problems) -> Made:
    """Take each row as a goal or action of an action plan."""
    figures = rows.frame["figure_ids"].fillna("").str.replace(r"\s*;\s*", ";", regex=True)
    source = rows.frame["document"] + ", Tables 1 to 7"
    return {"action_plan": rows.frame.assign(row=rows.row_ids, figure_ids=figures, source=source)}


@shape("action_plans", "action_plans", gives="source")
def action_plans(rows: Rows, problems: Problems) -> Made:
    """Take each row as a plan and the periods it guides; without an address its source is the document of the card."""
    source = rows.frame["source"].where(rows.frame["source"].notna(), rows.frame["document"])
    return {"action_plans": rows.frame.assign(row=rows.row_ids, source=source)}


@shape("periods", "periods", "period start end")
def periods(rows: Rows, problems: Problems) -> Made:
    """Take each row as a reporting period: in order, none over another, with a name that can name a folder."""
    frame = plain(rows, problems)["periods"]
    before = frame["end"].shift().cummax()
    for at in frame.index[frame["start"] <= before]:
        expected = f"a day after {before[at]:%Y-%m-%d}, when the period before ends"
        rows.problem(problems, at, "start", found=f"{frame['start'][at]:%Y-%m-%d}", expected=expected)
    for at in frame.index[~frame["period"].fillna("x").str.fullmatch(_PERIOD)]:
        expected = "a name of letters, digits, full stops, hyphens and underscores that begins with a letter or digit"
        rows.problem(problems, at, "period", found=frame["period"][at], expected=expected)
    year = frame["annual_report_year"]
    for at in frame.index[((year < frame["start"].dt.year - 1) | (year > frame["end"].dt.year)).fillna(False)]:
        expected = "the year before the period, or one within it"
        rows.problem(problems, at, "annual_report_year", found=year[at], expected=expected)
    return {"periods": frame}


@shape("questions", "questions", "text", gives="source")
def questions(rows: Rows, problems: Problems) -> Made:
    """Take each row as a question for discussion."""
    source = rows.frame["document"] + ", part III, heading 1 of each section"
    return {"questions": rows.frame.assign(row=rows.row_ids, source=source)}


@shape("spellings", "state_names territories", "name", gives="source")
def spellings(rows: Rows, problems: Problems) -> Made:
    """Take each row as a name; its source is its note, or else the file."""
    source = rows.frame["note"].fillna("").replace("", rows.file)
    return {rows.rule.feeds[0]: rows.frame.assign(row=rows.row_ids, source=source)}


_NAMES = " ".join(f"{kind}_{code}" for kind in ("short", "formal", "official") for code in register.LANGUAGES)
shape("country_codes", "state_names_un", "iso3", _NAMES, "language short_name source")(register.country_codes)
shape("facts", "observations disclosures deadlines activities background", "iso3 theme field value unit as_of source",
      "*", "*")(facts.facts)  # fmt: skip
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
