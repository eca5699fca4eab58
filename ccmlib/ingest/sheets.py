"""From the cells of a sheet to rows of fields, each row and each refusal accounted for.

Nothing is dropped silently: every row that holds anything is either kept or set aside with a reason, and the report of
the reading adds up. What seems to be data and cannot be read is a problem.
"""

import re
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import cells, kinds
from ccmlib.ingest.addresses import address, column_name, ranges
from ccmlib.ingest.cells import Cells, Kind
from ccmlib.ingest.grid import Sheet, Workbook, is_blank, many_objects, shown
from ccmlib.ingest.layout import ColumnRule, Header, Layout, SheetRule, find_header, label_key, match_sheets

_TOTAL = re.compile(r"(?:(?:grand |sub)?totals?|sum)\b", re.IGNORECASE)
_NOTE = re.compile(
    r"(?:\*+|†|‡|\[?\d{1,2}[\])./]?|[¹²³⁴-⁹]+|(?:foot|end ?)?notes?|sources?|n\.?b\.?|remarks?)\b\W|"
    r"(?:\*|†|‡|¹|²|³)|(?:(?:foot|end ?)?notes?|sources?)$",
    re.IGNORECASE,
)
#: A single cell longer than this, right below the table, is a note and not a name.
LONGEST_NAME = 60


@dataclass
class ReadReport:
    """What became of the rows of one sheet.

    Attributes
    ----------
    file, sheet, feeds : str
        Where the rows stand, and the tidy table they go to.
    header_row : int
        Row of the header (its last line), counted from 1.
    read, kept : int
        Rows that hold anything; rows that became data.
    aside : dict of str to list of int
        Reason, and the rows (counted from 1) set aside for it.
    notes : list of str
        Hidden rows, ignored columns, corrections applied.
    """

    file: str
    sheet: str
    feeds: str
    header_row: int = 0
    read: int = 0
    kept: int = 0
    aside: dict[str, list[int]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the report as one line, and one more for each note."""
        aside = "; ".join(f"{reason}: {ranges('row', rows)}" for reason, rows in self.aside.items())
        line = f"{self.file}, {self.sheet}: {self.read} rows read, {self.kept} kept for {self.feeds}"
        return "\n  ".join([f"{line}; set aside: {aside}" if aside else line, *self.notes])


@dataclass
class Rows:
    """The data of one sheet.

    Attributes
    ----------
    file, sheet : str
    rule : SheetRule
    frame : DataFrame
        One column per field, constants too; the index counts from 0.
    numbers : ndarray of int
        Row in the sheet, counted from 1.
    letters : dict of str to str
        Letters of the column that a field comes from.
    below : list of (int, str)
        Row and text of the notes below the table.
    report : ReadReport
    """

    file: str
    sheet: str
    rule: SheetRule
    frame: pd.DataFrame
    numbers: np.ndarray
    letters: dict[str, str]
    below: list[tuple[int, str]]
    report: ReadReport

    @property
    def row_ids(self) -> pd.Series:
        """Name each row: ``file.xlsx:Sheet:12``."""
        prefix = f"{self.file}:{self.sheet}:"
        return pd.Series([f"{prefix}{number}" for number in self.numbers.tolist()], dtype="str")

    def cell_ids(self, field_name: str) -> pd.Series:
        """Name the cell of a field in each row: ``file.xlsx:Sheet:D12``."""
        prefix = f"{self.file}:{self.sheet}:{self.letters[field_name]}"
        return pd.Series([f"{prefix}{number}" for number in self.numbers.tolist()], dtype="str")


def read_workbook(
    workbook: Workbook, layout: Layout, names: StateNames | None, constants: dict, problems: Problems
) -> list[Rows]:
    """Read all sheets of a workbook that its layout describes.

    Parameters
    ----------
    workbook : Workbook
    layout : Layout
    names : StateNames or None
        Spellings on record; not needed by a layout without States.
    constants : dict
        Fields with one value for the whole file, from its source card.
    problems : Problems
        Gets what is wrong.

    Returns
    -------
    list of Rows
        A sheet without its header, or without a column that it must have, gives none.
    """
    results = []
    with many_objects():
        for sheet, rule in match_sheets(workbook, layout, problems):
            rows = read_sheet(workbook.file, sheet, rule, layout.name, names, constants, problems)
            if rows is not None:
                results.append(rows)
    if results:
        results[0].report.notes[:0] = workbook.notes
    return results


def read_sheet(
    file: str, sheet: Sheet, rule: SheetRule, layout: str, names: StateNames | None, constants: dict, problems: Problems
) -> Rows | None:
    """Read one sheet; see `read_workbook`."""
    problems.extend(sheet.faults)
    header = find_header(file, sheet, rule, layout, problems)
    if header is None:
        return None
    body = sheet.rows[header.row + 1 :]
    width = max(map(len, body), default=0)
    if any(len(row) < width for row in body):
        body = [row + [""] * (width - len(row)) for row in body]
    offset = header.row + 1
    columns = {place: Cells.of([row[place] for row in body]) for place in header.columns if place < width}
    for place in header.columns:
        columns.setdefault(place, Cells(np.zeros(len(body), dtype=int), [""]))
    parsed = {
        place: kinds.read(columns[place], Kind(column.kind, column.choices, column.nil, names))
        for place, column in header.columns.items()
    }
    report = ReadReport(file, sheet.name, rule.feeds, header.row + 1, notes=list(sheet.notes))
    data, below = _part_rows(sheet, header, body, columns, parsed, report)
    _check_outside(file, sheet, header, body, offset, data, problems)
    _check_merged(file, sheet, header, offset, data, problems)
    frame, letters = {}, {}
    for place, column in sorted(header.columns.items()):
        arrays = _arrays(column, columns[place].take(data), parsed[place])
        frame.update(arrays)
        letters.update(dict.fromkeys(arrays, column_name(place)))
    table = pd.DataFrame(frame, index=pd.RangeIndex(len(data)))
    for place, column in header.columns.items():
        _report_cells(
            file, sheet, column, place, columns[place].take(data), parsed[place], table, data + offset, problems
        )
    _check_total(file, sheet, header, report.aside.get("total", []), table, problems)
    for name, value in {**rule.constants, **constants}.items():
        table[name] = value
    if header.ignored:
        report.notes.append(f"columns not read: {', '.join(header.ignored.values())}")
    if any(not column.optional and column not in header.columns.values() for column in rule.columns):
        return None
    rows = Rows(file, sheet.name, rule, table, data + offset + 1, letters, below, report)
    check_key(rows, problems)
    return rows


def _arrays(column: ColumnRule, taken: Cells, parsed: cells.Parsed) -> dict[str, object]:
    """Spread what each distinct value says over the cells that hold it."""
    return {f"{column.field}{suffix}": _take(array, taken.codes) for suffix, array in parsed.arrays.items()}


def _take(array: object, codes: np.ndarray) -> object:
    return array[codes] if isinstance(array, np.ndarray) else array.take(codes)


def _part_rows(
    sheet: Sheet,
    header: Header,
    body: list[list],
    columns: dict[int, Cells],
    parsed: dict[int, cells.Parsed],
    report: ReadReport,
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
    for at in np.flatnonzero((count > 0) & ((np.arange(len(body)) >= end) | total | label | (count == 1))):
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
        (int(at) + offset + 1, shown(next(value for value in body[at] if not is_blank(value))))
        for at in sorted(reasons)
        if at >= end
    ]
    return data, below


def _end_of_table(like_note: np.ndarray, blank: np.ndarray, starts_notes: np.ndarray) -> int:
    """Give the row from which on there are notes: the first blank row or marked note after the last row of data."""
    data = np.flatnonzero(~like_note)
    after = int(data[-1]) + 1 if len(data) else 0
    starts = np.flatnonzero(blank[after:] | starts_notes[after:])
    return after + int(starts[0]) if len(starts) else len(blank)


def _is_header(row: list, header: Header) -> bool:
    same = [
        label_key(row[place]) in map(label_key, rule.labels)
        for place, rule in header.columns.items()
        if place < len(row)
    ]
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
                    file,
                    sheet.name,
                    address(at + offset, place),
                    found=shown(body[at][place]),
                    expected="nothing, as the column has no label",
                    suggestion="look whether the cells of the row shifted",
                )


def _check_merged(file: str, sheet: Sheet, header: Header, offset: int, data: np.ndarray, problems: Problems) -> None:
    rows = set((data + offset).tolist())
    for top, left, bottom, right in sheet.merged:
        if rows.intersection(range(top, bottom + 1)):
            problems.add(
                file,
                sheet.name,
                address(top, left),
                found=f"merged cells {address(top, left)}:{address(bottom, right)}",
                expected="one value in each cell",
                suggestion="unmerge them and repeat the value in each row it holds for",
            )


def _report_cells(
    file: str,
    sheet: Sheet,
    column: ColumnRule,
    place: int,
    taken: Cells,
    parsed: cells.Parsed,
    table: pd.DataFrame,
    rows: np.ndarray,
    problems: Problems,
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
            problems.add(
                file, sheet.name, address(rows[at], place), found=found, expected=expected, suggestion=suggestion
            )
    if column.filled:
        for at in np.flatnonzero(~taken.filled):
            problems.add(file, sheet.name, address(rows[at], place), expected=f"a value for {column.labels[0]}")
    if column.kind in kinds.NUMBERS and sheet.percent:
        for at in range(len(rows)):
            cell = address(rows[at], place)
            if cell in sheet.percent and not exempt[at]:
                value = taken.values[taken.codes[at]]
                hint = f"{value * 100:g} with the unit percent" if isinstance(value, float) else ""
                problems.add(
                    file,
                    sheet.name,
                    cell,
                    found=f"{shown(value)} shown as a percentage",
                    expected="a number",
                    suggestion=hint,
                )


def _check_total(
    file: str, sheet: Sheet, header: Header, totals: list[int], table: pd.DataFrame, problems: Problems
) -> None:
    """Compare the totals that the sheet itself states, of marks and of counts, with its rows."""
    if len(totals) != 1:
        return
    for place, column in header.columns.items():
        stated = sheet.rows[totals[0] - 1][place] if place < len(sheet.rows[totals[0] - 1]) else ""
        if column.kind in ("mark", "count") and isinstance(stated, int | float) and stated != table[column.field].sum():
            problems.add(
                file,
                sheet.name,
                address(totals[0] - 1, place),
                found=f"a total of {shown(stated)}",
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
                rows.file,
                rows.sheet,
                cell,
                found=f"{said} again",
                expected="one row for each",
                suggestion=f"compare with row {first}",
            )
