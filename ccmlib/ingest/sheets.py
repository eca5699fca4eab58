"""From the cells of a sheet to rows of fields, each row and each refusal accounted for.

Nothing is dropped silently: every row that holds anything is either kept or set aside with a reason, and the report of
the reading adds up. What seems to be data and cannot be read is a problem.
"""

import fnmatch
import re
from datetime import datetime

import numpy as np
import pandas as pd

from ccmlib.base import fields
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import cells, column_kinds
from ccmlib.ingest.addresses import address, column_name
from ccmlib.ingest.cells import Cells, Kind
from ccmlib.ingest.grid import Sheet, Workbook, is_blank, many_objects, shown
from ccmlib.ingest.headers import Header, find_header, match_sheets
from ccmlib.ingest.layouts import ColumnRule, Layout, SheetRule, label_key
from ccmlib.ingest.rows import ReadReport, Rows
from ccmlib.ingest.shapes import SHAPES

_TOTAL = re.compile(r"(?:(?:grand |sub)?totals?|sum)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"\[?\d{1,3}[\])./]?$|"
    r"(?:\*+|†|‡|\[?\d{1,2}[\])./]?|[¹²³⁴-⁹]+|(?:foot|end ?)?notes?|sources?|n\.?b\.?|remarks?)\b\W|"
    r"(?:\*|†|‡|¹|²|³)|(?:(?:foot|end ?)?notes?|sources?)$",
    re.IGNORECASE,
)
_IN_DIGITS = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}")
_NO_FORMAT = ((), "", "", "")
#: What the format of a cell may say beside its value: in columns of which kinds, what it says, what should stand there.
_FORMATS = {
    "percent": (column_kinds.NUMBERS, "a percentage", "a number", ""),
    "year": (column_kinds.TIMES, "its year only", "a date that shows what it holds",
             "write the year as a number, or show the day"),
    "struck": (column_kinds.KINDS, "struck through", "a value that holds", "delete it, or take the line away"),
    "unshown": (column_kinds.KINDS, "nothing, by the format ;;;", "a value that shows", "give the cell another format"),
    "raised": (column_kinds.NUMBERS | column_kinds.TIMES | {"text", "year"}, "a value with a raised footnote number",
               "the value alone", "take the footnote number out"),
}  # fmt: skip
#: A single cell longer than this, right below the table, is a note and not a name.
LONGEST_NAME = 60


def read_workbook(
    workbook: Workbook, layout: Layout, names: StateNames | None, constants: dict, problems: Problems
) -> list[Rows]:
    """Read all sheets of a workbook that its layout describes.

    Returns
    -------
    list of Rows
        A sheet without its header, or without a column that it must have, gives none.
    """
    results = []
    with many_objects():
        for sheet, rule in match_sheets(workbook, layout, problems):
            rows = read_sheet(workbook, sheet, rule, layout.name, names, constants, problems)
            if rows is not None:
                results.append(rows)
    others = {rows.rule.shape: rows for rows in results}
    for rows in results:
        rows.others = others
    if results:
        results[0].report.notes[:0] = workbook.notes
    return results


def read_sheet(
    workbook: Workbook, sheet: Sheet, rule: SheetRule, layout: str, names: StateNames | None, constants: dict,
    problems: Problems,
) -> Rows | None:  # fmt: skip
    """Read one sheet; see `read_workbook`."""
    file = workbook.file
    problems.extend(sheet.faults)
    header = find_header(file, sheet, rule, layout, problems, workbook.kind)
    if header is None:
        return None
    offset = header.row + 1
    body = sheet.rows[offset:]
    width = max(map(len, body), default=0)
    padded = [row + [""] * (width - len(row)) if len(row) < width else row for row in body]
    columns = {
        place: Cells.of([row[place] for row in padded] if place < width else [""] * len(padded)) for place in header.columns
    }
    parsed = {place: column_kinds.read(columns[place], _kind(column, names)) for place, column in header.columns.items()}
    report = ReadReport(file, sheet.name, ", ".join(rule.feeds), header.row + 1, notes=list(sheet.notes))
    data, below = _part_rows(sheet, header, rule, padded, columns, parsed, report)
    if workbook.kind == "csv":
        _check_widths(file, sheet, header.row, body, data, problems)
    _check_outside(file, sheet, header, padded, offset, data, problems)
    _check_merged(file, sheet, header, offset, data, problems)
    frame, letters = {}, {}
    for place, column in sorted(header.columns.items()):
        arrays = _arrays(column, columns[place].take(data), parsed[place])
        frame.update(arrays)
        letters.update(dict.fromkeys(arrays, column_name(place)))
    table = pd.DataFrame(frame, index=pd.RangeIndex(len(data)))
    for place, column in header.columns.items():
        taken = columns[place].take(data)
        _report_cells(file, sheet, column, place, taken, parsed[place], table, data + offset, problems)
        _check_swapped_days(file, sheet, column, place, taken, problems)
    _check_total(file, sheet, header, report.aside.get("total", []), table, problems)
    for name, value in {**rule.constants, **constants}.items():
        table[name] = value
    if header.ignored:
        report.notes.append(f"columns not read: {', '.join(header.ignored.values())}")
    if any(not column.optional and column not in header.columns.values() for column in rule.columns):
        return None
    titles = report.aside.get("title", [])
    above = [(at, _joined(sheet.rows[at - 1])) for at in titles]
    table = _completed(table, rule)
    rows = Rows(file, sheet.name, rule, table, data + offset + 1, letters, above, below, report, names)
    check_key(rows, problems)
    return rows


def _kind(column: ColumnRule, names: StateNames | None) -> Kind:
    return Kind(column.kind, column.choices, column.nil, names, column.day_first)


def _completed(table: pd.DataFrame, rule: SheetRule) -> pd.DataFrame:
    """Add a blank column for each field that the table or its shape knows and no column of the sheet holds."""
    blank = {}
    if "*" in SHAPES[rule.shape].uses:
        return table
    for name in rule.feeds:
        for one in fields.tables()[name].fields:
            blank[one.name] = {"bool": "boolean", "int64": "Int64"}.get(one.dtype, one.dtype)
    blank |= {name: "str" for name in SHAPES[rule.shape].uses if name not in blank}
    blank |= {name: "str" for column in rule.columns for name in column.outputs if name not in blank}
    added = {name: pd.Series(None, index=table.index, dtype=dtype) for name, dtype in blank.items()
             if name not in table}  # fmt: skip
    return pd.concat([table, pd.DataFrame(added, index=table.index)], axis=1)


def _joined(row: list) -> str:
    return " ".join(shown(value) for value in row if not is_blank(value))


def _arrays(column: ColumnRule, taken: Cells, parsed: cells.Parsed) -> dict[str, object]:
    """Spread what each distinct value says over the cells that hold it."""
    return {f"{column.field}{suffix}": _take(array, taken.codes) for suffix, array in parsed.arrays.items()}


def _take(array: object, codes: np.ndarray) -> object:
    return array[codes] if isinstance(array, np.ndarray) else array.take(codes)


def _part_rows(
    sheet: Sheet, header: Header, of_sheet: SheetRule, body: list[list], columns: dict[int, Cells],
    parsed: dict[int, cells.Parsed], report: ReadReport,
) -> tuple[np.ndarray, list[tuple[int, str]]]:
    """Tell data rows from titles, headings, totals, repeated headers and notes; give the data rows and the notes."""
    offset = header.row + 1
    titles = [at + 1 for at in range(header.first_row) if any(not is_blank(value) for value in sheet.rows[at])]
    if titles:
        report.aside["title"] = titles
    report.aside["header"] = [at + 1 for at in range(header.first_row, offset)]
    count = sum((column.filled.astype(int) for column in columns.values()), np.zeros(len(body), dtype=int))
    # A row that is empty under the header may still hold something in a column that has no label.
    for at in np.flatnonzero(count == 0):
        count[at] = sum(not is_blank(value) for value in body[at])
    report.read = len(titles) + offset - header.first_row + int((count > 0).sum())

    first = min(columns)
    rule, column = header.columns[first], columns[first]
    texts = [shown(value) for value in column.values]
    refused = np.array([place in parsed[first].failures for place in range(len(texts))], dtype=bool)[column.codes]
    marked = np.array([bool(_NOTE.match(text)) for text in texts], dtype=bool)[column.codes]
    total = np.array([bool(_TOTAL.match(text)) for text in texts], dtype=bool)[column.codes]
    label = np.array([label_key(text) in map(label_key, rule.labels) for text in texts], dtype=bool)[column.codes]
    long = np.array([len(text) > LONGEST_NAME for text in texts], dtype=bool)[column.codes]

    like_note = (count == 0) | ((count == 1) & (refused | (rule.kind == "text"))) | (marked & refused)
    end = _end_of_table(like_note, count == 0, (count == 1) & (marked | long))
    reasons: dict[int, str] = {}
    for at in np.flatnonzero(count > 0) if of_sheet.skip else ():
        begins = shown(next(value for value in body[at] if not is_blank(value))).casefold()
        if any(fnmatch.fnmatchcase(begins, pattern.casefold()) for pattern in of_sheet.skip):
            reasons[int(at)] = "skipped by the layout"
    for at in np.flatnonzero((count > 0) & ((np.arange(len(body)) >= end) | total | label | (count == 1))):
        if at in reasons:
            continue
        if at >= end and like_note[at]:
            reasons[at] = "note below the table"
        elif total[at] and refused[at]:
            reasons[at] = "total"
        elif label[at] and _is_header(body[at], header):
            reasons[at] = "header again"
        elif count[at] == 1 and refused[at] and _is_merged_across(sheet, at + offset, first):
            reasons[at] = "heading across the table"
    for at, reason in reasons.items():
        report.aside.setdefault(reason, []).append(int(at) + offset + 1)
    data = np.array([at for at in np.flatnonzero(count).tolist() if at not in reasons], dtype=int)
    report.kept = len(data)
    below = [
        (int(at) + offset + 1, _joined(body[at])) for at in sorted(reasons)
        if at >= end and reasons[at] == "note below the table"
    ]
    return data, below


def _end_of_table(like_note: np.ndarray, blank: np.ndarray, starts_notes: np.ndarray) -> int:
    """Give the row from which on there are notes: the first blank row or marked note after the last row of data."""
    data = np.flatnonzero(~like_note)
    after = int(data[-1]) + 1 if len(data) else 0
    starts = np.flatnonzero(blank[after:] | starts_notes[after:])
    return after + int(starts[0]) if len(starts) else len(blank)


def _is_header(row: list, header: Header) -> bool:
    same = [label_key(row[place]) in map(label_key, rule.labels) for place, rule in header.columns.items() if place < len(row)]
    return sum(same) >= max(2, 0.8 * len(header.columns))


def _is_merged_across(sheet: Sheet, row: int, first: int) -> bool:
    return any(top == row and left <= first and right > left for top, left, _, right in sheet.merged)


def _check_outside(
    file: str, sheet: Sheet, header: Header, body: list[list], offset: int, data: np.ndarray, problems: Problems
) -> None:
    """Find values in data rows under no label: shifted cells, or remarks beside the table."""
    width = max(map(len, body), default=0)
    for place in range(width):
        if place in header.columns or place in header.ignored:
            continue
        labelled = place < len(sheet.rows[header.row]) and not is_blank(sheet.rows[header.row][place])
        empty = labelled or all(is_blank(value) for value in {row[place] for row in body})
        for at in [] if empty else data:
            if not is_blank(body[at][place]):
                problems.add(
                    file, sheet.name, address(at + offset, place), found=shown(body[at][place]),
                    expected="nothing, as the column has no label", suggestion="look whether the cells of the row shifted",
                )


def _check_widths(file: str, sheet: Sheet, header: int, body: list[list], data: np.ndarray, problems: Problems) -> None:
    """Find rows of a text file with more or fewer values than its header: a lost separator, or a file cut short."""
    width = len(sheet.rows[header])
    for at in data.tolist():
        if len(body[at]) < width or any(not is_blank(value) for value in body[at][width:]):
            problems.add(file, sheet.name, f"row {header + at + 2}", found=f"{len(body[at])} values",
                         expected=f"{width}, as the header has",
                         suggestion="look for a lost separator or quotation mark, or a file cut short")  # fmt: skip


def _check_swapped_days(file: str, sheet: Sheet, column: ColumnRule, place: int, taken: Cells, problems: Problems) -> None:
    """Find a column where a program read the days up to 12 as months: dates up to 12 beside texts of days after 12."""
    if column.kind not in column_kinds.TIMES:
        return
    held = [taken.values[code] for code in np.unique(taken.codes)]
    days = [value for value in held if isinstance(value, datetime)]
    texts = [_IN_DIGITS.match(value) for value in held if isinstance(value, str)]
    late = [text[0] for text in texts if text and (int(text[1]) > 12 or int(text[2]) > 12)]
    if late and len(days) > 1 and all(day.day <= 12 for day in days):
        problems.add(file, sheet.name, f"column {column_name(place)}",
                     found=f"{len(days)} dates with days up to 12 only, beside texts such as {late[0]}",
                     expected="dates whose day and month were not swapped when the file was opened",
                     suggestion="import the original file again with this column as text")  # fmt: skip


def _check_merged(file: str, sheet: Sheet, header: Header, offset: int, data: np.ndarray, problems: Problems) -> None:
    rows = set((data + offset).tolist())
    for top, left, bottom, right in sheet.merged:
        if rows.intersection(range(top, bottom + 1)):
            problems.add(
                file, sheet.name, address(top, left), found=f"merged cells {address(top, left)}:{address(bottom, right)}",
                expected="one value in each cell", suggestion="unmerge them and repeat the value in each row it holds for",
            )


def _report_cells(
    file: str, sheet: Sheet, column: ColumnRule, place: int, taken: Cells, parsed: cells.Parsed, table: pd.DataFrame,
    rows: np.ndarray, problems: Problems,
) -> None:
    """Name every cell of a column that is wrong, and forgive those whose rows take the cell as text."""
    exempt = np.zeros(len(rows), dtype=bool)
    for other, value in column.text_where.items():
        if other in table:
            exempt |= (table[other] == value).to_numpy()
    if exempt.any():
        value_field = column.field
        table.loc[exempt, f"{value_field}_text"] = [text or "" for text in taken.texts()[exempt]]
        table.loc[exempt, value_field] = np.nan
    for at, expected, suggestion in cells.cells_holding(taken.codes, parsed.failures):
        if not exempt[at]:
            found = shown(taken.values[taken.codes[at]])
            problems.add(file, sheet.name, address(rows[at], place), found=found, expected=expected, suggestion=suggestion)
    if column.filled:
        for at in np.flatnonzero(~taken.filled):
            problems.add(file, sheet.name, address(rows[at], place), expected=f"a value for {column.labels[0]}")
    for at in range(len(rows)) if sheet.formats else ():
        kinds, what, expected, hint = _FORMATS.get(sheet.formats.get(cell := address(rows[at], place)), _NO_FORMAT)
        value = taken.values[taken.codes[at]]
        if column.kind in kinds and not exempt[at] and value != "":
            hint = f"{value * 100:g} with the unit percent" if what == "a percentage" and value == value else hint
            problems.add(file, sheet.name, cell, found=f"{shown(value)} shown as {what}", expected=expected,
                         suggestion=hint)  # fmt: skip


def _check_total(file: str, sheet: Sheet, header: Header, totals: list[int], table: pd.DataFrame, problems: Problems) -> None:
    """Compare the totals that the sheet itself states, of marks and of counts, with its rows."""
    if len(totals) != 1:
        return
    for place, column in header.columns.items():
        stated = sheet.rows[totals[0] - 1][place] if place < len(sheet.rows[totals[0] - 1]) else ""
        if column.kind in ("mark", "count") and isinstance(stated, int | float) and stated != table[column.field].sum():
            problems.add(
                file, sheet.name, address(totals[0] - 1, place), found=f"a total of {shown(stated)}",
                expected=f"{shown(float(table[column.field].sum()))}, as the rows above give",
            )


def check_key(rows: Rows, problems: Problems) -> None:
    """Find rows of a sheet that say the same thing twice."""
    key = [name for name in rows.rule.key if name in rows.frame]
    if not key:
        return
    filled = (rows.frame[key].notna() & (rows.frame[key] != "")).any(axis=1)
    twice = rows.frame.loc[filled].duplicated(key, keep=False)
    if not twice.any():
        return
    frame = rows.frame.loc[filled].loc[twice]
    for values, group in frame.groupby(key, dropna=False, sort=False):
        first = rows.numbers[group.index[0]]
        for at in group.index[1:]:
            cell = f"{rows.letters.get(key[0], 'A')}{rows.numbers[at]}"
            said = ", ".join(shown(value) for value in values if pd.notna(value) and value != "")
            problems.add(
                rows.file, rows.sheet, cell, found=f"{said} again", expected="one row for each",
                suggestion=f"compare with row {first}",
            )
