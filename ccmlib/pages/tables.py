"""Tables of a page: great-tables for those that are read, a lighter one for rows behind a figure."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from ccmlib.language.languages import with_sign
from ccmlib.pages.csvs import csv_text, day_text, is_blank, records
from ccmlib.pages.headings import HEADINGS
from ccmlib.pages.markup import csv_link, escape, language_marks, language_of

Labels = Callable[[str], str]

#: A table longer than this can be sorted and filtered in the page.
SORTABLE_FROM = 9
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
           "October", "November", "December")
_ISO_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_LONG_WORD = re.compile(r"[^\s&;]{16,}")
_FIGURES = re.compile(r"[^\w]*\d[\d\W]*")
_CLASSES = re.compile(r' class="([^"]*)"')
_DEFAULTS = re.compile(r' (?:rowspan="1"|colspan="1"|data-quarto-[a-z-]+="\w+")')
_TIES = re.compile(r' headers="[^"]*"|(?<=scope="row") id="[^"]*"|(?<=scope="col") id="[^"]*"')
#: Classes of great-tables that the page's stylesheet knows.
_KEPT = frozenset({"gt_right", "gt_center", "gt_group_heading"})


def cell_html(value: Any, labels: Labels = str) -> str:
    """
    Write one cell: dates as ``6 April 2016``, numbers with separators, nothing as a dash.

    Parameters
    ----------
    value
        Text, number, date, truth value, None or NaN.
    labels
        Translates fixed words; a :class:`~ccmlib.language.languages.Language` also writes dates and numbers.

    Returns
    -------
    str
        Escaped HTML. Dates and numbers keep their machine form, by which the page sorts them.
    """
    if is_blank(value):
        return '<span class="blank">–</span>'
    if isinstance(value, bool) or type(value).__name__ == "bool_":
        return escape(labels("yes" if value else "no"))
    value = day_text(value)
    if isinstance(value, str):
        shown = date_text(value, labels)
        if shown != value:
            return f'<time datetime="{value}">{shown}</time>'
        # Right to left, "0–7" would read 7–0 and "≥ 4" as 4 or less.
        if getattr(labels, "direction", "ltr") == "rtl" and _FIGURES.fullmatch(value):
            return f'<span dir="ltr">{escape(value)}</span>'
        return _LONG_WORD.sub(_with_breaks, escape(value))
    if hasattr(value, "__float__"):
        shown, plain = number_text(value, labels), f"{float(value):.12g}"
        return shown if shown == plain else f'<data value="{plain}">{shown}</data>'
    return escape(str(value))


def _with_breaks(word: re.Match[str]) -> str:
    """Let an id, a file name or an address break where a reader would."""
    return re.sub(r"([_/:])(?=\w)", r"\1<wbr>", word[0])


def date_text(value: Any, labels: Labels = str) -> str:
    """
    Write a date as the reports do.

    Parameters
    ----------
    value
        A date, or text such as ``2016-04-06``.
    labels
        Language to write in; English for a function that only translates.

    Returns
    -------
    str
        ``6 April 2016``; text that is no date stays as it is.

    Examples
    --------
    >>> date_text("2016-04-06"), date_text("in 2016")
    ('6 April 2016', 'in 2016')
    """
    text = str(day_text(value))
    day = _ISO_DAY.fullmatch(text)
    if not day or not 1 <= int(day[2]) <= 12:
        return text
    if getattr(labels, "code", "en") != "en":
        return labels.date(date(int(day[1]), int(day[2]), int(day[3])))
    return f"{int(day[3])} {_MONTHS[int(day[2]) - 1]} {day[1]}"


def number_text(value: Any, labels: Labels = str) -> str:
    """
    Write a number for readers.

    Parameters
    ----------
    value
        Any real number.
    labels
        Language to write in; English for a function that only translates.

    Returns
    -------
    str
        Whole numbers without decimals; separators from 10,000, so that years stay as they are.

    Examples
    --------
    >>> number_text(2016.0), number_text(125000), number_text(6.51), number_text(-3)
    ('2016', '125,000', '6.51', '−3')
    """
    number = float(value)
    # Right to left, a bare sign would stand on the wrong side of its number.
    if number < 0 and getattr(labels, "direction", "ltr") == "rtl":
        return with_sign("−", number_text(-number, labels), "rtl")
    if getattr(labels, "code", "en") != "en" and (abs(number) >= 10_000 or not number.is_integer()):
        return labels.number(float(f"{number:.6g}") if abs(number) < 10_000 else round(number, 1)).replace("-", "−")
    if number.is_integer():
        text = f"{int(number):,}" if abs(number) >= 10_000 else str(int(number))
    else:
        text = f"{number:.6g}" if abs(number) < 10_000 else f"{number:,.1f}"
    return text.replace("-", "−")


def signed(difference: float, labels: Labels = str) -> str:
    """
    Write a difference with its sign.

    Parameters
    ----------
    difference
        Any number but nought.
    labels
        Language to write in.

    Returns
    -------
    str
        ``+4`` or ``−8``; right to left, the sign stays before its number.

    Examples
    --------
    >>> signed(4), signed(-8)
    ('+4', '−8')
    """
    if difference < 0:
        return number_text(difference, labels)
    return with_sign("+", number_text(difference, labels), getattr(labels, "direction", "ltr"))


def plain_table(
    rows: Any,
    caption: str,
    labels: Labels = str,
    columns: Mapping[str, str] | None = None,
) -> tuple[str, int]:
    """
    Write a small table: first column as row header, hidden caption.

    Parameters
    ----------
    rows
        DataFrame or mappings. A column ``iso3`` next to ``state`` is not shown but marks the row.
    caption
        What the table holds.
    labels
        Translates fixed words.
    columns
        Headings of columns; a name without one is shown with spaces for its underscores.

    Returns
    -------
    tuple
        HTML, and the number of rows; empty text for no row.
    """
    names, cells = records(rows)
    if not cells:
        return "", 0
    headings = {**HEADINGS, **(columns or {})}
    first = [name for name in ("state", "date") if name in names]
    last = [name for name in ("source", "row") if name in names]
    shown = first + [n for n in names if n not in {*first, *last}] + last
    if "state" in names and "iso3" in names:
        shown.remove("iso3")
    heads = "".join(
        f'<th scope="col">{escape(labels(headings.get(n, n.replace("_", " "))))}</th>'
        for n in shown
    )
    lines = []
    for row in cells:
        of = dict(zip(names, row, strict=True))
        code = of.get("iso3")
        mark = "" if is_blank(code) else f' data-iso3="{escape(str(code))}"'
        head, *rest = (cell_html(of[name], labels) for name in shown)
        rest_html = "".join(f"<td>{text}</td>" for text in rest)
        lines.append(f'<tr{mark}><th scope="row">{head}</th>{rest_html}</tr>')
    sortable = " sortable" if len(cells) >= SORTABLE_FROM else ""
    return (
        f'<div class="scroll" role="group" aria-label="{escape(caption)}">'
        f'<table class="rows{sortable}"><caption class="visually-hidden">{escape(caption)}'
        f'</caption><thead><tr>{heads}</tr></thead><tbody>{"".join(lines)}</tbody></table></div>',
        len(cells),
    )


def table(
    frame: Any,
    table_id: str,
    caption: str,
    notes: Sequence[str | Mapping[str, str]] = (),
    columns: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    row_header: str | None = None,
    iso3: str | None = None,
    groups: str | None = None,
    sort: bool | None = None,
    csv: bool = True,
    labels: Labels = str,
) -> str:
    """
    Show a table with caption, header scopes, numbered notes and its CSV.

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
        Column that heads each row; the first by default.
    iso3
        Column with the ISO3 code of the row's State. The row header then links to the State.
    groups
        Column whose values gather rows in groups.
    sort
        Whether the page lets a reader sort and filter; by default, long tables without groups.
    csv
        Whether to offer the table as CSV.
    labels
        Translates fixed words.

    Returns
    -------
    str
        A ``figure`` element.

    Raises
    ------
    ValueError
        If the caption is empty or a column is missing.
    """
    from great_tables import GT

    if not caption.strip():
        raise ValueError(f"table {table_id}: caption is empty; say what it shows, of whom and when")
    names = list(columns) if columns is not None else \
        [str(c) for c in frame.columns if c not in {iso3, groups}]
    wanted = names + [n for n in (iso3, groups) if n]
    missing = [name for name in wanted if name not in frame.columns]
    if missing:
        raise ValueError(f"table {table_id}: no column {', '.join(missing)}; "
                         f"there are {', '.join(map(str, frame.columns))}")
    head = row_header or names[0]
    texts = frame[list(dict.fromkeys(wanted))].astype(object)
    numeric = [name for name in names if _all_numbers(texts[name])]
    tied, lines = _notes(notes, labels)
    prefix = f"c{table_id}-"
    cells = {name: [cell_html(value, labels) for value in texts[name]] for name in names}
    if iso3:
        cells[head] = [
            text if is_blank(code) else f'<a class="state" data-iso3="{escape(str(code))}" '
            f'href="index.html#state-{escape(str(code))}">{text}</a>'
            for text, code in zip(cells[head], texts[iso3], strict=True)
        ]
    body = type(frame)({name: cells[name] for name in names})
    if groups:
        body[groups] = [str(value) for value in texts[groups]]
    built = GT(body, id=prefix.rstrip("-"), rowname_col=head, groupname_col=groups)
    built = built.fmt(str, columns=names).cols_align("right", columns=numeric)
    heading = {n: _heading(n, columns, units, tied, labels) for n in names}
    built = built.cols_label(**{n: heading[n] for n in names if n != head})
    built = built.tab_stubhead(heading[head])
    html = _light(built, bool(groups))
    long = sort if sort is not None else (len(body) >= SORTABLE_FROM and not groups)
    return _framed(table_id, caption, html, lines, long,
                   csv_text(frame, names) if csv and len(body) else "", labels)


def _light(built: Any, grouped: bool) -> str:
    """Write a table without what the page's stylesheet replaces: a third of the size is left."""
    html = built.as_raw_html()
    html = html[html.index("<table"):html.rindex("</table>")] + "</table>"
    # Quotes in text are escaped, so that only real attributes can match.
    html = _DEFAULTS.sub("", _CLASSES.sub(_kept_classes, html))
    # Without groups, scope alone ties each cell to its two headers.
    return html if grouped else _TIES.sub("", html)


def _kept_classes(found: re.Match[str]) -> str:
    kept = [name for name in found[1].split() if not name.startswith("gt_") or name in _KEPT]
    return f' class="{" ".join(kept)}"' if kept else ""


def _all_numbers(values: Any) -> bool:
    known = [value for value in values if not is_blank(value)]
    return bool(known) and all(
        hasattr(value, "__float__") and not isinstance(value, (str, bool)) for value in known
    )


def _heading(name: str, columns: Any, units: Any, tied: Mapping[str, list[int]],
             labels: Labels) -> str:
    text = (columns or {}).get(name, HEADINGS.get(name, name.replace("_", " ")))
    unit = (units or {}).get(name)
    marks = "".join(f' [{labels("note")}\u00a0{k}]' for k in tied.get(name, ()))
    return labels(text) + (f" ({labels(unit)})" if unit else "") + marks


def _notes(notes: Sequence[Any], labels: Labels) -> tuple[dict[str, list[int]], list[str]]:
    tied: dict[str, list[int]] = {}
    lines: list[str] = []
    for k, entry in enumerate(notes, start=1):
        if isinstance(entry, Mapping):
            (name, text), = entry.items()
            tied.setdefault(name, []).append(k)
        else:
            text = entry
        lines.append(f'<li><span class="mark">[{escape(labels("note"))} {k}]</span> '
                     f"<span{language_marks(language_of(text))}>{escape(text)}</span></li>")
    return tied, lines


def _framed(table_id: str, caption: str, html: str, notes: Sequence[str], sortable: bool,
            csv: str, labels: Labels) -> str:
    below = f'<ol class="notes">{"".join(notes)}</ol>' if notes else ""
    if csv:
        below += f'<p class="downloads">{csv_link(f"{table_id}.csv", csv, labels)}</p>'
    kind = "table sortable" if sortable else "table"
    caption = escape(caption)
    return (
        f'<figure class="{kind}" id="table-{escape(table_id)}"><figcaption>{caption}</figcaption>'
        f'<div class="scroll" role="group" aria-label="{caption}">{html}</div>'
        f"{below}</figure>"
    )


def action_table(rows: Sequence[Mapping[str, Any]], table_id: str, caption: str,
                 labels: Labels = str) -> str:
    """
    Show goals, actions and the state of play, as the official report's Tables 1 to 7 do.

    Parameters
    ----------
    rows
        Mappings with ``goals`` (texts), ``action`` (text) and ``state_of_play`` (HTML of each
        line).
    table_id
        Id, unique in the report.
    caption
        Name of the table.
    labels
        Translates fixed words; goals and actions are quoted in English.

    Returns
    -------
    str
        A ``figure`` element.
    """
    import pandas as pd
    from great_tables import GT

    def quoted(text: str) -> str:
        if getattr(labels, "code", "en") == "en":
            return escape(text)
        return f'<span lang="en" dir="ltr">{escape(text)}</span>'

    def listed(lines: Sequence[str]) -> str:
        if not lines:
            return '<span class="blank">–</span>'
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"

    body = pd.DataFrame({
        "action": [quoted(row["action"]) for row in rows],
        "state_of_play": [listed(list(row["state_of_play"])) for row in rows],
    })
    built = GT(body, id=f"c{table_id}", rowname_col="action")
    built = built.fmt(str, columns=["action", "state_of_play"])
    built = built.cols_label(state_of_play=labels("State of play"))
    html = _light(built.tab_stubhead(labels("Action")), False)
    goals = list(dict.fromkeys(goal for row in rows for goal in row.get("goals", ())))
    if goals:
        lines = "".join(f"<li>{quoted(goal)}</li>" for goal in goals)
        html = f'<div class="goals"><p>{escape(labels("Goals"))}</p><ul>{lines}</ul></div>' + html
    return _framed(table_id, caption, html, (), False, "", labels)
