"""Tables of a page: one writer for tables that are read, rows behind a figure, and goals with their actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ccmlib.figures import sentences
from ccmlib.language.languages import Language
from ccmlib.pages.csvs import csv_text, day_text, frame_of, is_blank
from ccmlib.pages.markup import ENGLISH, attributes, csv_link, escape, in_its_language, language_marks, marked, state

#: Columns in which a document or publisher is quoted, or a file and its places are named: English on every page.
QUOTED = frozenset({
    "cell", "defined", "file", "followed", "known_issues", "new", "old", "other", "other_publisher", "other_source", "others",
    "producer", "publisher", "publishers", "reason", "row", "said", "sheet", "source", "statement", "text", "title", "used",
})
#: Columns that a small table begins with, of its own words, not quoted; and those that it ends with.
FIRST, LATEST = ("state", "date"), ("source", "row")
#: Headings of a table of actions.
ACTION_HEADINGS = ("Action", "State of play")
#: Headings as a reader sees them; CSV files keep the names of the columns.
HEADINGS = {
    "article": "Article", "as_of": "As of", "count": "Number", "covers_year": "Calendar year covered", "date": "Date",
    "day": "Day", "deadline_on": "Deadline", "differs": "Differs", "event": "Event", "figure": "Figure",
    "first_end_on": "Ended at the earliest", "first_on": "First day", "from_earliest": "Began at the earliest",
    "from_latest": "Began at the latest", "indicator": "What was reported", "initial_report_due_on": "Initial report due",
    "iso3": "ISO3", "kind": "Kind", "known_to": "Known to", "last_end_on": "Ended at the latest", "last_on": "Last day",
    "last_word": "Last word", "lower": "At least", "matches": "Matches", "months": "Months", "name": "Name",
    "not itemised": "Not itemised", "on": "Day", "overdue": "Overdue", "part": "Part", "period": "Period",
    "publisher": "Publisher", "publishers": "Published by", "regional_group": "Regional group",
    "requested_on": "Extension requested", "row": "Row", "section": "Section", "share": "Share",
    "signatories": "Signatories", "since": "Since", "source": "Source", "standing": "Standing", "state": "State",
    "states_parties": "States Parties", "submitted": "Submitted", "submitted_pct": "Submitted, %", "text": "As published",
    "theme": "Theme", "treaty_deadline_on": "Deadline of the treaty", "unknown": "Unknown", "upper": "At most",
    "value": "Value", "vote": "Vote", "what": "What", "year": "Year",
}
#: A table longer than this can be sorted and filtered in the page.
SORTABLE_FROM = 9
#: Rows of a table that a page holds; a longer one has the others in its CSV alone.
MOST_ROWS = 300
BLANK = '<span class="blank">–</span>'
_ISO_DAY = re.compile(r"\d{4}-(0[1-9]|1[0-2])-\d\d")
_LONG_WORD = re.compile(r"[^\s&;]{16,}")
#: A number of four digits or more in a publisher's words, without separators; not a year, nor a part of something else.
_BARE = re.compile(r"(?<![\w.,:/–-])(?!(?:19|20)\d\d\b)\d{4,}(?![\w:/-]|[.,]\d)")
_FIGURES = re.compile(r"[^\w]*\d[\d\W]*")


def cell_html(value: Any, labels: Language = ENGLISH, year: bool = False, quoted: bool = False) -> str:
    """Write one cell: dates as ``6 April 2016``, numbers with separators, nothing as a dash; what is quoted as English.

    Dates and numbers keep their machine form, by which the page sorts them.
    """
    if is_blank(value):
        return BLANK
    if isinstance(value, bool):
        return escape(labels("yes" if value else "no"))
    value = day_text(value)
    if isinstance(value, str):
        if _ISO_DAY.fullmatch(value):
            return f'<time datetime="{value}">{labels.date(pd.Timestamp(value))}</time>'
        # Right to left, "0–7" would read 7–0 and "≥ 4" as 4 or less.
        if labels.direction == "rtl" and _FIGURES.fullmatch(value):
            return f'<span dir="ltr">{escape(value)}</span>'
        quoted = quoted and labels.code != "en" and re.search("[a-z]", value) and not labels.is_translated(value)
        speaks = ENGLISH if quoted else labels
        value = breakable(_BARE.sub(lambda number: speaks.number(int(number[0])), value))
        return f'<span{language_marks("en")}>{value}</span>' if quoted else value
    if not hasattr(value, "__float__"):
        return escape(value)
    plain = f"{float(value):.12g}"
    shown = plain if year else labels.number(float(value))
    return shown if shown == plain else f'<data value="{plain}">{shown}</data>'


def breakable(text: str) -> str:
    """Let an id, a file name or an address break where a reader would."""
    return _LONG_WORD.sub(lambda word: re.sub(r"([_/:])(?=\w)", r"\1<wbr>", word[0]), escape(text))


def _written(heads: Sequence[str], lines: Sequence[str], classes: Sequence[str],
             caption: str = "", kind: str = "", label: str = "") -> str:
    """Write a table of heads and finished rows, in a frame that can be moved sideways."""
    row = "".join(f'<th scope="col"{attributes(class_=of)}>{text}</th>' for text, of in zip(heads, classes, strict=True))
    hidden = f'<caption class="visually-hidden">{escape(caption)}</caption>' if caption else ""
    return (f'<div class="scroll" role="group" aria-label="{escape(label or caption)}"><table{attributes(class_=kind)}>'
            f'{hidden}<thead><tr>{row}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>')


def _row(cells: Sequence[str], classes: Sequence[str], iso3: Any = "") -> str:
    """Write a row whose first cell heads it."""
    head, *rest = cells
    rest = "".join(f"<td{attributes(class_=of)}>{text}</td>" for text, of in zip(rest, classes[1:], strict=True))
    return f'<tr{attributes(data_iso3=iso3)}><th scope="row"{attributes(class_=classes[0])}>{head}</th>{rest}</tr>'


def _rows(frame: pd.DataFrame, names: Sequence[str], labels: Language, quoted: Any) -> list[list[str]]:
    """Write the cells of each row."""
    return [[cell_html(value, labels, name == "year" or name.endswith("_year"), name in quoted)
             for value, name in zip(row, names, strict=True)]
            for row in frame[names].astype(object).itertuples(index=False, name=None)]


def plain_table(
    rows: Any, caption: str, labels: Language = ENGLISH, columns: Mapping[str, str] | None = None
) -> str:
    """Write a small table, its caption hidden; nothing for no rows."""
    frame = frame_of(rows)
    if frame.empty:
        return ""
    names = shown_columns(list(frame.columns))
    classes = [""] * len(names)
    codes = frame["iso3"].fillna("") if "iso3" in frame else [""] * len(frame)
    cells = _rows(frame, names, labels, {*names} - {*FIRST})
    lines = [_row(row, classes, iso3) for row, iso3 in zip(cells, codes, strict=True)]
    kind = "rows sortable" if len(frame) >= SORTABLE_FROM else "rows"
    return _written([_heading(name, columns, labels) for name in names], lines, classes, caption, kind)


def left_out(size: int, labels: Language) -> str:
    """Say of a table that is too long for a page how many of its rows are shown."""
    told = labels("The first {shown} of {count} rows are shown; the CSV has all.")
    shown = told.format(shown=labels.number(MOST_ROWS), count=labels.number(size))
    return f'<p class="remark">{escape(shown)}</p>' if size > MOST_ROWS else ""


def shown_columns(names: Sequence[str]) -> list[str]:
    """Order the columns of a small table: State and date first, source and row last; a State by name needs no code."""
    between = [name for name in names if name not in (*FIRST, *LATEST, "iso3" if "state" in names else "")]
    return [*(name for name in FIRST if name in names), *between, *(name for name in LATEST if name in names)]


def table(
    frame: pd.DataFrame, table_id: str, caption: str, notes: Sequence[str | Mapping[str, str]] = (),
    columns: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None, iso3: str | None = None,
    groups: str | None = None, sort: bool | None = None, quoted: Sequence[str] = (), labels: Language = ENGLISH,
) -> str:
    """Show a table with caption, header scopes, numbered notes and its CSV.

    Parameters
    ----------
    frame, table_id, caption
        DataFrame of values ready to be shown; id, unique in the report; what it shows, when, and of whom.
    notes
        Texts, numbered in this order; ``{column: text}`` ties one to a column's heading.
    columns, units
        Headings by column; also picks the columns and their order, of which the first heads each row. All by default.
        Units by column, shown with the heading.
    iso3, groups
        Column with the ISO3 code of the row's State, to which the first cell then links; column whose values gather rows.
    sort
        Whether the page lets a reader sort and filter; by default, long tables without groups.
    quoted
        Columns in the words of a source, besides `QUOTED`.
    labels
        Language of the page.

    Raises
    ------
    ValueError
        If the caption is empty or a column is missing.
    """
    if not caption.strip():
        raise ValueError(f"table {table_id}: caption is empty; say what it shows, of whom and when")
    names = list(columns) if columns is not None else [str(c) for c in frame.columns if c not in {iso3, groups}]
    missing = [name for name in [*names, iso3, groups] if name and name not in frame.columns]
    if missing:
        raise ValueError(f"table {table_id}: no column {', '.join(missing)}; there are {', '.join(map(str, frame.columns))}")
    classes = ["number" if _all_numbers(frame[name]) else "" for name in names]
    tied, remarks = _notes(notes, labels)
    lines: list[str] = []
    shown = frame.head(MOST_ROWS)
    for group, part in shown.groupby(groups, sort=False, dropna=False) if groups else [("", shown)]:
        if groups:
            lines.append(f'<tr class="group"><th scope="rowgroup" colspan="{len(names)}">{escape(group)}</th></tr>')
        codes = part[iso3] if iso3 else [""] * len(part)
        for (head, *rest), code in zip(_rows(part, names, labels, {*QUOTED, *quoted}), codes, strict=True):
            head = head if is_blank(code) else state("\0", code).replace("\0", head)
            lines.append(_row([head, *rest], classes))
    heads = []
    for name in names:
        unit = labels.bracketed(labels(units[name])) if units and name in units else ""
        marks = "".join(f' [{labels("note")}\u00a0{k}]' for k in tied.get(name, ()))
        heads.append(_heading(name, columns, labels) + escape(unit + marks))
    sortable = sort if sort is not None else len(frame) >= SORTABLE_FROM and not groups
    data = csv_text(frame, names) if len(frame) else ""
    remarks += left_out(len(frame), labels)
    return _framed(table_id, caption, _written(heads, lines, classes, label=caption), remarks, sortable, data, labels)


def _all_numbers(values: Any) -> bool:
    known = [value for value in values if not is_blank(value)]
    return bool(known) and all(hasattr(v, "__float__") and not isinstance(v, (str, bool)) for v in known)


def _heading(name: str, columns: Mapping[str, str] | None, labels: Language) -> str:
    text = {**HEADINGS, **(columns or {})}.get(name, name.replace("_", " "))
    return marked(sentences.label(text, labels))


def _notes(notes: Sequence[Any], labels: Language) -> tuple[dict[str, list[int]], str]:
    """Write numbered notes; say which column each is tied to."""
    tied: dict[str, list[int]] = {}
    lines = []
    for k, text in enumerate(notes, start=1):
        if isinstance(text, Mapping):
            (name, text), = text.items()
            tied.setdefault(name, []).append(k)
        lines.append(f'<li><span class="mark">[{escape(labels("note"))} {k}]</span> {in_its_language(text)}</li>')
    return tied, f'<ol class="notes">{"".join(lines)}</ol>' if lines else ""


def _framed(table_id: str, caption: str, html: str, notes: str = "", sortable: bool = False, csv: str = "",
            labels: Language = ENGLISH) -> str:
    link = f'<p class="downloads">{csv_link(f"{table_id}.csv", csv, labels)}</p>' if csv else ""
    kind = "table sortable" if sortable else "table"
    return (f'<figure class="{kind}" id="table-{escape(table_id)}">{in_its_language(caption, "figcaption")}'
            f"{html}{notes}{link}</figure>")


def action_table(rows: Sequence[Mapping[str, Any]], table_id: str, caption: str, labels: Language = ENGLISH) -> str:
    """Show goals, actions and the state of play, as the official report's Tables 1 to 7 do."""
    def as_printed(text: str) -> str:
        return marked(sentences.quoted(text, labels))

    def listed(lines: Sequence[str]) -> str:
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>" if lines else BLANK

    lines = [_row([as_printed(row["action"]), listed(row["state_of_play"])], ["", ""]) for row in rows]
    html = _written([escape(labels(text)) for text in ACTION_HEADINGS], lines, ["", ""], label=caption)
    goals = list(dict.fromkeys(goal for row in rows for goal in row.get("goals", ())))
    if goals:
        html = f'<div class="goals"><p>{escape(labels("Goals"))}</p>{listed(list(map(as_printed, goals)))}</div>{html}'
    return _framed(table_id, caption, html)
