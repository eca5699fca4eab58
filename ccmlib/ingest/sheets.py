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
_BELOW = "note below the table"
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
    """Read all sheets of a workbook that its layout describes; one without its header or a column it must have is left out."""
    with many_objects():
        read = [read_sheet(workbook, sheet, rule, layout.name, names, constants, problems)
                for sheet, rule in match_sheets(workbook, layout, problems)]  # fmt: skip
    results = [rows for rows in read if rows is not None]
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
    problems.extend(sheet.faults)
    header = find_header(workbook.file, sheet, rule, layout, problems, workbook.kind)
    return _Table(workbook, sheet, rule, header, names, problems).rows(constants) if header else None


class _Table:
    """The cells of a sheet below its header, and where to say what is wrong with them; rows of the body count from 0."""

    def __init__(
        self, workbook: Workbook, sheet: Sheet, rule: SheetRule, header: Header, names: StateNames | None, problems: Problems
    ):
        self.file, self.kind = workbook.file, workbook.kind
        self.sheet, self.rule, self.header, self.names, self.problems = sheet, rule, header, names, problems
        self.offset = header.row + 1
        body = sheet.rows[self.offset :]
        self.width = max(map(len, body), default=0)
        self.body = [row + [""] * (self.width - len(row)) if len(row) < self.width else row for row in body]
        self.columns = {
            place: Cells.of([row[place] for row in self.body] if place < self.width else [""] * len(body))
            for place in header.columns
        }
        self.parsed = {
            place: column_kinds.read(
                self.columns[place], Kind(column.kind, column.choices, column.nil, names, column.day_first)
            )
            for place, column in header.columns.items()
        }
        self.report = ReadReport(self.file, sheet.name, ", ".join(rule.feeds), header.row + 1, notes=list(sheet.notes))

    def say(self, at: int | str, place: int = 0, **said: object) -> None:
        """Say what is wrong with a cell, by row of the body and column, or with another place of the sheet."""
        cell = at if isinstance(at, str) else address(at + self.offset, place)
        self.problems.add(self.file, self.sheet.name, cell, **said)

    def rows(self, constants: dict) -> Rows | None:
        """Read the rows of data; None where a column is missing that must be there."""
        header, rule, report = self.header, self.rule, self.report
        data, below = self.part_rows()
        if self.kind == "csv":
            self.check_widths(data)
        self.check_outside(data)
        self.check_merged(data)
        frame, letters = {}, {}
        taken = {place: cells_of.take(data) for place, cells_of in self.columns.items()}
        for place, column in sorted(header.columns.items()):
            for suffix, array in self.parsed[place].arrays.items():
                codes = taken[place].codes
                frame[f"{column.field}{suffix}"] = array[codes] if isinstance(array, np.ndarray) else array.take(codes)
                letters[f"{column.field}{suffix}"] = column_name(place)
        table = pd.DataFrame(frame, index=pd.RangeIndex(len(data)))
        for place, column in header.columns.items():
            self.check_cells(column, place, taken[place], table, data)
            if column.kind in column_kinds.TIMES:
                self.check_swapped_days(place, taken[place])
        self.check_total(table)
        for name, value in {**rule.constants, **constants}.items():
            table[name] = value
        if header.ignored:
            report.notes.append(f"columns not read: {', '.join(header.ignored.values())}")
        if any(not column.optional and column not in header.columns.values() for column in rule.columns):
            return None
        above = [(at, _joined(self.sheet.rows[at - 1])) for at in report.aside.get("title", [])]
        numbers = data + self.offset + 1
        table = _completed(table, rule)
        rows = Rows(self.file, self.sheet.name, rule, table, numbers, letters, above, below, report, self.names)
        check_key(rows, self.problems)
        return rows

    def part_rows(self) -> tuple[np.ndarray, list[tuple[int, str]]]:
        """Tell data rows from titles, headings, totals, repeated headers and notes; give the data rows and the notes."""
        header, report, offset, body = self.header, self.report, self.offset, self.body
        titles = [at + 1 for at in range(header.first_row) if any(not is_blank(value) for value in self.sheet.rows[at])]
        if titles:
            report.aside["title"] = titles
        report.aside["header"] = [at + 1 for at in range(header.first_row, offset)]
        count = sum((column.filled.astype(int) for column in self.columns.values()), np.zeros(len(body), dtype=int))
        # A row that is empty under the header may still hold something in a column that has no label.
        for at in np.flatnonzero(count == 0):
            count[at] = sum(not is_blank(value) for value in body[at])
        report.read = len(titles) + offset - header.first_row + int((count > 0).sum())

        first = min(self.columns)
        rule, column = header.columns[first], self.columns[first]
        failures, labels = self.parsed[first].failures, set(map(label_key, rule.labels))
        texts = [shown(value) for value in column.values]

        def told(told_of: list) -> np.ndarray:
            return np.array(told_of, dtype=bool)[column.codes]

        refused = told([place in failures for place in range(len(texts))])
        marked, total = (told([bool(form.match(text)) for text in texts]) for form in (_NOTE, _TOTAL))
        label = told([label_key(text) in labels for text in texts])
        long = told([len(text) > LONGEST_NAME for text in texts])

        like_note = (count == 0) | ((count == 1) & (refused | (rule.kind == "text"))) | (marked & refused)
        end = _end_of_table(like_note, count == 0, (count == 1) & (marked | long))
        reasons: dict[int, str] = {}
        for at in np.flatnonzero(count > 0).tolist():
            if self.is_skipped(body[at]):
                reasons[at] = "skipped by the layout"
            elif at >= end and like_note[at]:
                reasons[at] = _BELOW
            elif total[at] and refused[at]:
                reasons[at] = "total"
            elif label[at] and _is_header(body[at], header):
                reasons[at] = "header again"
            elif count[at] == 1 and refused[at] and self.is_merged_across(at + offset, first):
                reasons[at] = "heading across the table"
        for at, reason in reasons.items():
            report.aside.setdefault(reason, []).append(at + offset + 1)
        data = np.array([at for at in np.flatnonzero(count).tolist() if at not in reasons], dtype=int)
        report.kept = len(data)
        return data, [(at + offset + 1, _joined(body[at])) for at, reason in reasons.items() if reason == _BELOW]

    def is_skipped(self, row: list) -> bool:
        """Tell whether a row begins as the layout says that rows begin which are set aside."""
        if not self.rule.skip:
            return False
        begins = shown(next(value for value in row if not is_blank(value))).casefold()
        return any(fnmatch.fnmatchcase(begins, pattern.casefold()) for pattern in self.rule.skip)

    def is_merged_across(self, row: int, first: int) -> bool:
        """Tell whether the first cell of a row is merged with others beside it."""
        return any(top == row and left <= first and right > left for top, left, _, right in self.sheet.merged)

    def check_outside(self, data: np.ndarray) -> None:
        """Find values in data rows under no label: shifted cells, or remarks beside the table."""
        labels = self.sheet.rows[self.header.row]
        for place in set(range(self.width)) - self.header.columns.keys() - self.header.ignored.keys():
            if place < len(labels) and not is_blank(labels[place]):
                continue
            for at in data.tolist():
                if not is_blank(found := self.body[at][place]):
                    self.say(at, place, found=shown(found), expected="nothing, as the column has no label",
                             suggestion="look whether the cells of the row shifted")  # fmt: skip

    def check_widths(self, data: np.ndarray) -> None:
        """Find rows of a text file with more or fewer values than its header: a lost separator, or a file cut short."""
        width = len(self.sheet.rows[self.header.row])
        for at in data.tolist():
            row = self.sheet.rows[at + self.offset]
            if len(row) < width or any(not is_blank(value) for value in row[width:]):
                self.say(f"row {at + self.offset + 1}", found=f"{len(row)} values", expected=f"{width}, as the header has",
                         suggestion="look for a lost separator or quotation mark, or a file cut short")  # fmt: skip

    def check_merged(self, data: np.ndarray) -> None:
        """Find merged cells among the data."""
        rows = set((data + self.offset).tolist())
        for top, left, bottom, right in self.sheet.merged:
            if rows.intersection(range(top, bottom + 1)):
                cell = address(top, left)
                self.say(cell, found=f"merged cells {cell}:{address(bottom, right)}", expected="one value in each cell",
                         suggestion="unmerge them and repeat the value in each row it holds for")  # fmt: skip

    def check_swapped_days(self, place: int, taken: Cells) -> None:
        """Find a column where a program read the days up to 12 as months: dates up to 12 beside texts of days after 12."""
        held = [taken.values[code] for code in np.unique(taken.codes)]
        days = [value for value in held if isinstance(value, datetime)]
        texts = [_IN_DIGITS.match(value) for value in held if isinstance(value, str)]
        late = [text[0] for text in texts if text and (int(text[1]) > 12 or int(text[2]) > 12)]
        if late and len(days) > 1 and all(day.day <= 12 for day in days):
            self.say(f"column {column_name(place)}",
                     found=f"{len(days)} dates with days up to 12 only, beside texts such as {late[0]}",
                     expected="dates whose day and month were not swapped when the file was opened",
                     suggestion="import the original file again with this column as text")  # fmt: skip

    def check_cells(self, column: ColumnRule, place: int, taken: Cells, table: pd.DataFrame, data: np.ndarray) -> None:
        """Name every cell of a column that is wrong, and forgive those whose rows take the cell as text."""
        exempt = np.zeros(len(data), dtype=bool)
        for other, value in column.text_where.items():
            if other in table:
                exempt |= (table[other] == value).to_numpy()
        if exempt.any():
            table.loc[exempt, f"{column.field}_text"] = [text or "" for text in taken.texts()[exempt]]
            table.loc[exempt, column.field] = np.nan
        for at, expected, suggestion in cells.cells_holding(taken.codes, self.parsed[place].failures):
            if not exempt[at]:
                found = shown(taken.values[taken.codes[at]])
                self.say(int(data[at]), place, found=found, expected=expected, suggestion=suggestion)
        if column.filled:
            for at in data[~taken.filled].tolist():
                self.say(at, place, expected=f"a value for {column.labels[0]}")
        for at, row in enumerate(data.tolist()) if self.sheet.formats else ():
            said, value = self.sheet.formats.get(address(row + self.offset, place)), taken.values[taken.codes[at]]
            if not said or exempt[at] or value == "" or column.kind not in _FORMATS[said][0]:
                continue
            _, what, expected, hint = _FORMATS[said]
            if said == "percent" and not isinstance(value, str):
                hint = f"{value * 100:g} with the unit percent"
            self.say(row, place, found=f"{shown(value)} shown as {what}", expected=expected, suggestion=hint)

    def check_total(self, table: pd.DataFrame) -> None:
        """Compare the totals that the sheet itself states, of marks and of counts, with its rows."""
        totals = self.report.aside.get("total", [])
        if len(totals) != 1:
            return
        at = totals[0] - 1 - self.offset
        for place, column in self.header.columns.items():
            stated = self.body[at][place] if place < self.width else ""
            if column.kind in ("mark", "count") and isinstance(stated, int | float) and stated != table[column.field].sum():
                expected = f"{shown(float(table[column.field].sum()))}, as the rows above give"
                self.say(at, place, found=f"a total of {shown(stated)}", expected=expected)


def _completed(table: pd.DataFrame, rule: SheetRule) -> pd.DataFrame:
    """Add a blank column for each field that the table or its shape knows and no column of the sheet holds."""
    uses = SHAPES[rule.shape].uses
    if "*" in uses:
        return table
    known = {one.name: {"bool": "boolean", "int64": "Int64"}.get(one.dtype, one.dtype)
             for name in rule.feeds for one in fields.tables()[name].fields}  # fmt: skip
    texts = [*uses, *(name for column in rule.columns for name in column.outputs)]
    blank = {name: pd.Series(None, index=table.index, dtype=dtype)
             for name, dtype in (dict.fromkeys(texts, "str") | known).items() if name not in table}  # fmt: skip
    return pd.concat([table, pd.DataFrame(blank, index=table.index)], axis=1)


def _joined(row: list) -> str:
    return " ".join(shown(value) for value in row if not is_blank(value))


def _end_of_table(like_note: np.ndarray, blank: np.ndarray, starts_notes: np.ndarray) -> int:
    """Give the row from which on there are notes: the first blank row or marked note after the last row of data."""
    data = np.flatnonzero(~like_note)
    after = int(data[-1]) + 1 if len(data) else 0
    starts = np.flatnonzero(blank[after:] | starts_notes[after:])
    return after + int(starts[0]) if len(starts) else len(blank)


def _is_header(row: list, header: Header) -> bool:
    same = [label_key(row[place]) in map(label_key, rule.labels) for place, rule in header.columns.items() if place < len(row)]
    return sum(same) >= max(2, 0.8 * len(header.columns))


def check_key(rows: Rows, problems: Problems) -> None:
    """Find rows of a sheet that say the same thing twice."""
    if not (key := [name for name in rows.rule.key if name in rows.frame]):
        return
    said = rows.frame[key].astype("object").where(rows.frame[key].notna(), "")
    said = said[(said != "").any(axis=1)]
    for values, group in said[said.duplicated(keep=False)].groupby(key, sort=False):
        for at in group.index[1:]:
            found = f"{', '.join(shown(value) for value in values if value != '')} again"
            rows.problem(problems, at, key[0], found=found, expected="one row for each",
                         suggestion=f"compare with row {rows.numbers[group.index[0]]}")  # fmt: skip
