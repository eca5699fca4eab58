"""Shapes of sheets: from the rows of a sheet to rows of tidy tables, one function a shape.

The first line of a shape's docstring documents it (`ccmlib.tidy.describe`).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ccmlib.base import fields
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
    """How the rows of a sheet become rows of tidy tables; an asterisk stands for any field."""

    make: Callable[[Rows], Made]
    tables: tuple[str, ...]  # tables that it gives rows for; any one when empty
    needs: tuple[str, ...]  # fields that the layout must fill
    uses: tuple[str, ...]  # fields that it may fill beside those of the tables
    gives: tuple[str, ...]  # fields of the tables that the shape fills itself
    text: str  # what it does


#: Shapes by name.
SHAPES: dict[str, Shape] = {}


def shape(name: str, tables: str = "", needs: str = "", uses: str = "", gives: str = "") -> Callable:
    """Register a shape; names of tables and fields with spaces between them."""

    def register(make: Callable[[Rows], Made]) -> Callable:
        parts = (tuple(part.split()) for part in (tables, needs, uses, gives))
        SHAPES[name] = Shape(make, *parts, text=make.__doc__.splitlines()[0])
        return make

    return register


def _day(days: pd.Series) -> pd.Series:
    return days.dt.strftime("%Y-%m-%d")


def _publishers(rows: Rows) -> pd.Series:
    return rows.frame["source"].fillna("").map(publisher_of).astype("str")


def _tidy(rows: Rows, **more: object) -> pd.DataFrame:
    """Take the rows as they are, with their places and what the layout fills where they are blank."""
    frame = rows.frame.assign(row=rows.row_ids, **more)
    for name, template in rows.rule.fills.items():
        texts = frame.astype(object).where(frame.notna(), "").to_dict("records")
        told = [template.format_map(row | {"document": rows.document}) or rows.file for row in texts]
        frame[name] = frame[name].mask(rows.blank(name), pd.Series(told, index=frame.index, dtype="str"))
    return frame


@shape("plain")
def plain(rows: Rows) -> Made:
    """Take each row as one row of the table; a span does not end before it begins."""
    for first, last in _SPANS:
        if {first, last} <= set(rows.letters):
            wrong = rows.frame[last] < rows.frame[first]
            rows.refuse(wrong, last, "a day not before " + _day(rows.frame[first]))
    return {rows.rule.feeds[0]: _tidy(rows)}


@shape("observations", "observations", "iso3 question answer last_on source", gives="became publisher")
def observations(rows: Rows) -> Made:
    """Take each row as one answer; `became` is false, and the publisher that of the source, unless a column says so."""
    frame = plain(rows)["observations"]
    publisher = frame["publisher"].mask(rows.blank("publisher"), _publishers(rows))
    return {"observations": frame.assign(became=frame["became"].astype("boolean").fillna(False), publisher=publisher)}


@shape("obligations", "obligations", "iso3")
def obligations(rows: Rows) -> Made:
    """Take each row as one obligation; how it ended goes with when it ended."""
    no_day, no_kind = rows.blank("ended"), rows.blank("end_kind")
    rows.refuse(no_kind & ~no_day, "end_kind", "how the obligation ended, as it has an end")
    rows.refuse(no_day & ~no_kind, "ended", "when the obligation ended, as it says how")
    return plain(rows)


@shape("deadlines", "deadlines", "iso3 kind")
def deadlines(rows: Rows) -> Made:
    """Take each row as a deadline with its day, or an extension with its months."""
    deadline, known = rows.frame["deadline_on"], rows.frame["known_on"]
    rows.refuse(rows.blank("deadline_on") & rows.blank("months"), "deadline_on", "a deadline, or the months of the extension")
    long_past = "a deadline that is not years before " + _day(known) + ", when it was known"
    rows.refuse(deadline < known - pd.DateOffset(years=2), "deadline_on", long_past)
    return plain(rows)


@shape("reports", "reports", "iso3", gives="rank")
def reports(rows: Rows) -> Made:
    """Take each row as an Article 7 report, with the rank of its publisher where publishers disagree."""
    return {"reports": _tidy(rows, rank=[rank_of(publisher, "reports") for publisher in _publishers(rows)])}


@shape("quantities", "disclosures", "iso3 indicator value unit", "as_of_covers_year value_text unit_remark",
       "text remarks covers_year")  # fmt: skip
def quantities(rows: Rows) -> Made:
    """Take each row as a quantity in the unit of its indicator, as of a day or for a calendar year."""
    frame = rows.frame
    units = frame["indicator"].map({name: entry["unit"] for name, entry in fields.indicators().items()})
    rows.refuse(frame["unit"].notna() & units.notna() & (frame["unit"] != units), "unit", units)
    years = pd.to_numeric(frame["as_of_covers_year"]).astype("Int64")
    years = frame["covers_year"].astype("Int64").fillna(years)
    return {"disclosures": _tidy(rows, text=frame["value_text"], remarks=frame["unit_remark"], covers_year=years)}


@shape("legislation", "disclosures", "iso3 indicator text as_of", "text text_stated", "value publisher")
def legislation(rows: Rows) -> Made:
    """Take each row as a stage of national legislation; the date is kept in the words of the source."""
    return {"disclosures": _tidy(rows, value=1.0, text=rows.frame["text_stated"], publisher=_publishers(rows))}


@shape("victims", "disclosures obligations", "iso3 text", "iso3_name", "value remarks")
def victims(rows: Rows) -> Made:
    """Take each row as a State or territory with victims; a State Party has an obligation under Article 5."""
    frame = _tidy(rows, value=1.0, remarks=rows.frame["iso3_name"])
    named = ~rows.blank("iso3_name")
    expected = named.map({True: "Territory", False: "State Party, Signatory or State not party"})
    rows.refuse((named != (frame["text"] == "Territory")) & frame["text"].notna(), "text", expected)
    parties = frame.loc[frame["text"] == "State Party", ["iso3", "article", "source", "row"]]
    return {"disclosures": frame, "obligations": parties.reset_index(drop=True)}


@shape("marks", "disclosures", "iso3 publisher source", "report", "indicator value unit text")
def marks(rows: Rows) -> Made:
    """Turn a matrix of marks into one row a mark; the paragraphs of a row's marks are those that its source lists."""
    columns = [column for column in rows.rule.columns if column.marks]
    both = rows.frame["report"].fillna("") + "; " + rows.frame["remarks"].fillna("")
    frame = rows.frame.assign(remarks=both.str.strip("; "), unit="reported", text=None)
    parts = [frame.iloc[:0]]
    for column in columns:
        stated = dict(column.marks)
        source = frame["publisher"] + f", para {stated.pop('paragraph')}"
        if stated.pop("text", False):
            stated["text"] = frame[f"{column.field}_text"]
        part = frame.assign(**stated, value=frame[column.field], row=rows.cell_ids(column.field), source=source)
        parts.append(part[part["value"].notna()])
    _compare_with_source(rows, columns)
    return {"disclosures": pd.concat(parts[1:] or parts, ignore_index=True)}


def _compare_with_source(rows: Rows, columns: list) -> None:
    """Find marks that the row's source does not list, and paragraphs in it that have no mark."""
    listed = [{re.sub(r" ?\(", " (", found) for found in _PARAGRAPH.findall(text)} for text in rows.frame["source"].fillna("")]
    for paragraph in dict.fromkeys(column.marks["paragraph"] for column in columns):
        names = [column.field for column in columns if column.marks["paragraph"] == paragraph]
        for at, (held, in_source) in enumerate(zip(rows.frame[names].notna().to_numpy(), listed, strict=True)):
            if held.any() and paragraph not in in_source:
                expected = f"none, as the source of the row does not list para {paragraph}"
                rows.problem(at, names[held.argmax()], found="a mark", expected=expected)
            elif paragraph in in_source and not held.any():
                rows.problem(at, names[0], expected=f"a mark, as the source of the row lists para {paragraph}")


@shape("published_figures", "published_figures", "ref value value_kind")
def published_figures(rows: Rows) -> Made:
    """Take each row as a figure that a report printed; its value is of its kind."""
    value, kinds = rows.frame["value"].fillna(""), rows.frame["value_kind"]
    for kind, (pattern, expected) in _VALUE.items():
        rows.refuse((kinds == kind) & (value != "") & ~value.str.fullmatch(pattern), "value", expected)
    return plain(rows)


@shape("periods", "periods", "period start end")
def periods(rows: Rows) -> Made:
    """Take each row as a reporting period: in order, none over another, with a name that can name a folder."""
    start, end, year = (rows.frame[name] for name in ("start", "end", "annual_report_year"))
    before = end.shift().cummax()
    rows.refuse(start <= before, "start", "a day after " + _day(before) + ", when the period before ends")
    name = "a name of letters, digits, full stops, hyphens and underscores that begins with a letter or digit"
    rows.refuse(~rows.frame["period"].fillna("x").str.fullmatch(_PERIOD), "period", name)
    near = "the year before the period, or one within it"
    rows.refuse((year < start.dt.year - 1) | (year > end.dt.year), "annual_report_year", near)
    return plain(rows)


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
def participant_sources(rows: Rows) -> Made:
    """Take where the dates of each participant are from; read with the sheet of the shape `participants`."""
    rows.set_aside(rows.numbers.tolist(), "source of the dates of a participant")
    return {}
