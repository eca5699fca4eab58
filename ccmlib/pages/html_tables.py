"""Tables of a page: one writer for tables that are read, rows behind a figure, and goals with their actions."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ccmlib.figures import sentences
from ccmlib.language.languages import Language
from ccmlib.pages.csvs import csv_text, day_text, is_blank, records
from ccmlib.pages.headings import HEADINGS
from ccmlib.pages.markup import ENGLISH, attributes, csv_link, escape, in_its_language, language_marks, marked, state

#: Columns in which a document or publisher is quoted, or a file and its places are named: English on every page.
QUOTED = frozenset({
    "cell", "defined", "file", "followed", "known_issues", "new", "old", "other", "other_publisher", "other_source", "others",
    "producer", "publisher", "publishers", "reason", "row", "said", "sheet", "source", "statement", "text", "title", "used",
})
#: Columns that a small table begins with: of its own words, not quoted.
FIRST = ("state", "date")
#: Headings of a table of actions.
ACTION_HEADINGS = ("Action", "State of play")
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

    Returns
    -------
    str
        HTML. Dates and numbers keep their machine form, by which the page sorts them.
    """
    if is_blank(value):
        return BLANK
    if isinstance(value, bool) or type(value).__name__ == "bool_":
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


def _written(heads: Sequence[tuple[str, str]], lines: Sequence[str], caption: str = "", kind: str = "", label: str = "") -> str:
    """Write a table of heads (HTML and class) and finished rows, in a frame that can be moved sideways."""
    row = "".join(f'<th scope="col"{attributes(class_=of)}>{text}</th>' for text, of in heads)
    hidden = f'<caption class="visually-hidden">{escape(caption)}</caption>' if caption else ""
    return (f'<div class="scroll" role="group" aria-label="{escape(label or caption)}"><table{attributes(class_=kind)}>'
            f'{hidden}<thead><tr>{row}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>')


def _row(cells: Sequence[str], classes: Sequence[str], iso3: Any = "") -> str:
    """Write a row whose first cell heads it."""
    mark = "" if is_blank(iso3) else attributes(data_iso3=iso3)
    head, *rest = cells
    rest = "".join(f"<td{attributes(class_=of)}>{text}</td>" for text, of in zip(rest, classes[1:], strict=True))
    return f'<tr{mark}><th scope="row"{attributes(class_=classes[0])}>{head}</th>{rest}</tr>'


def _is_year(name: str) -> bool:
    return name == "year" or name.endswith("_year")


def plain_table(
    rows: Any, caption: str, labels: Language = ENGLISH, columns: Mapping[str, str] | None = None
) -> tuple[str, int]:
    """Write a small table: first column as row header, hidden caption."""
    names, cells = records(rows)
    if not cells:
        return "", 0
    headings = {**HEADINGS, **(columns or {})}
    shown = shown_columns(names)
    lines = []
    for row in cells:
        of = dict(zip(names, row, strict=True))
        written = [cell_html(of[name], labels, _is_year(name), name not in FIRST) for name in shown]
        lines.append(_row(written, [""] * len(shown), of.get("iso3")))
    heads = [(marked(sentences.label(headings.get(n, n.replace("_", " ")), labels)), "") for n in shown]
    return _written(heads, lines, caption, "rows sortable" if len(cells) >= SORTABLE_FROM else "rows"), len(cells)


def left_out(size: int, labels: Language) -> str:
    """Say of a table that is too long for a page how many of its rows are shown."""
    told = labels("The first {shown} of {count} rows are shown; the CSV has all.")
    shown = told.format(shown=labels.number(MOST_ROWS), count=labels.number(size))
    return f'<p class="remark">{escape(shown)}</p>' if size > MOST_ROWS else ""


def shown_columns(names: Sequence[str]) -> list[str]:
    """Order the columns of a small table: State and date first, source and row last; a State by name needs no code."""
    first = [name for name in FIRST if name in names]
    last = [name for name in ("source", "row") if name in names]
    left_out = {*first, *last, *(["iso3"] if "state" in names else [])}
    return first + [name for name in names if name not in left_out] + last


def table(
    frame: Any, table_id: str, caption: str, notes: Sequence[str | Mapping[str, str]] = (),
    columns: Mapping[str, str] | None = None, units: Mapping[str, str] | None = None, row_header: str | None = None,
    iso3: str | None = None, groups: str | None = None, sort: bool | None = None, csv: bool = True, quoted: Sequence[str] = (),
    labels: Language = ENGLISH,
) -> str:
    """Show a table with caption, header scopes, numbered notes and its CSV.

    Parameters
    ----------
    frame
        DataFrame of values ready to be shown.
    table_id
        Id, unique in the report.
    caption
        What the table shows, when, and of whom.
    notes
        Texts, numbered in this order; ``{column: text}`` ties one to a column's heading.
    columns
        Headings by column; also picks the columns and their order. All by default.
    units
        Units by column, shown under the heading.
    row_header
        Column that heads each row, shown first; the first by default.
    iso3
        Column with the ISO3 code of the row's State. The row header then links to the State.
    groups
        Column whose values gather rows in groups.
    sort
        Whether the page lets a reader sort and filter; by default, long tables without groups.
    csv
        Whether to offer the table as CSV.
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
    head = row_header or names[0]
    order = [head, *(name for name in names if name != head)]
    classes = ["number" if _all_numbers(frame[name]) else "" for name in order]
    tied, remarks = _notes(notes, labels)
    lines: list[str] = []
    shown = frame.head(MOST_ROWS) if csv else frame
    parts = shown.groupby(groups, sort=False, dropna=False) if groups else [("", shown)]
    for group, part in parts:
        if groups:
            lines.append(f'<tr class="group"><th scope="rowgroup" colspan="{len(order)}">{escape(group)}</th></tr>')
        codes = part[iso3] if iso3 else [""] * len(part)
        for row, code in zip(part[order].astype(object).itertuples(index=False, name=None), codes, strict=True):
            cells = [cell_html(value, labels, _is_year(name), name in {*QUOTED, *quoted})
                     for value, name in zip(row, order, strict=True)]
            if not is_blank(code):
                cells[0] = state("\0", code).replace("\0", cells[0])
            lines.append(_row(cells, classes))
    headings = [_heading(name, columns, units, tied, labels) for name in order]
    heads = list(zip(headings, classes, strict=True))
    long = sort if sort is not None else len(frame) >= SORTABLE_FROM and not groups
    data = csv_text(frame, names) if csv and len(frame) else ""
    remarks += left_out(len(frame), labels) if csv else ""
    return _framed(table_id, caption, _written(heads, lines, label=caption), remarks, long, data, labels)


def _all_numbers(values: Any) -> bool:
    known = [value for value in values if not is_blank(value)]
    return bool(known) and all(hasattr(v, "__float__") and not isinstance(v, (str, bool)) for v in known)


def _heading(name: str, columns: Any, units: Any, tied: Mapping[str, list[int]], labels: Language) -> str:
    text = (columns or {}).get(name, HEADINGS.get(name, name.replace("_", " ")))
    unit = (units or {}).get(name)
    marks = "".join(f' [{labels("note")}\u00a0{k}]' for k in tied.get(name, ()))
    return marked(sentences.label(text, labels)) + escape((labels.bracketed(labels(unit)) if unit else "") + marks)


def _notes(notes: Sequence[Any], labels: Language) -> tuple[dict[str, list[int]], str]:
    """Write numbered notes; say which column each is tied to."""
    tied: dict[str, list[int]] = {}
    lines = []
    for k, entry in enumerate(notes, start=1):
        text = entry
        if isinstance(entry, Mapping):
            (name, text), = entry.items()
            tied.setdefault(name, []).append(k)
        lines.append(f'<li><span class="mark">[{escape(labels("note"))} {k}]</span> {in_its_language(text)}</li>')
    return tied, f'<ol class="notes">{"".join(lines)}</ol>' if lines else ""


def _framed(table_id: str, caption: str, html: str, notes: str, sortable: bool, csv: str, labels: Language) -> str:
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

    lines = [_row([as_printed(row["action"]), listed(list(row["state_of_play"]))], ["", ""]) for row in rows]
    heads = [(escape(labels(text)), "") for text in ACTION_HEADINGS]
    html = _written(heads, lines, label=caption)
    goals = list(dict.fromkeys(goal for row in rows for goal in row.get("goals", ())))
    if goals:
        html = f'<div class="goals"><p>{escape(labels("Goals"))}</p>{listed(list(map(as_printed, goals)))}</div>{html}'
    return _framed(table_id, caption, html, "", False, "", labels)
