"""From the cells of a sheet to rows of fields, each row and each refusal accounted for.

Nothing is dropped silently: every row that holds anything is either kept or set aside with a reason, and the report of
the reading adds up. What seems to be data and cannot be read is a problem.
"""

import fnmatch
import re
import statistics
from datetime import datetime

import numpy as np
import pandas as pd

from ccmlib.base import fields
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import column_kinds
from ccmlib.ingest.cells import Sheet, Workbook, address, column_name, is_blank, shown
from ccmlib.ingest.column_kinds import Cells
from ccmlib.ingest.headers import Header, find_header, match_sheets
from ccmlib.ingest.layouts import ColumnRule, Layout, SheetRule, label_key
from ccmlib.ingest.rows import ReadReport, Rows
from ccmlib.ingest.shapes import SHAPES

_TOTAL = re.compile(r"(?i)(?:(?:grand |sub)?totals?|sum)\b")
_NOTE = re.compile(r"(?i)\[?\d{1,3}[\])./]?$|(?:\*|†|‡|¹|²|³)|(?:(?:foot|end ?)?notes?|sources?)$|"
                   r"(?:\[?\d{1,2}[\])./]?|[⁴-⁹]+|(?:foot|end ?)?notes?|sources?|n\.?b\.?|remarks?)\b\W")  # fmt: skip
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
    """Read all sheets of a workbook that its layout describes, which give up their cells.

    One without its header, or a column that it must have, is left out.
    """
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
    header = find_header(workbook, sheet, rule, layout, problems)
    report = ReadReport(workbook.file, sheet.name, ", ".join(rule.feeds), notes=list(sheet.notes))
    table = _Table(workbook.file, sheet.name, rule, names, problems, report)
    return table if header and table.take(sheet, header, constants, is_text=workbook.kind == "csv") else None


class _Table(Rows):
    """Rows, taken from the cells of a sheet below its header; rows of that body count from 0."""

    def take(self, sheet: Sheet, header: Header, constants: dict, is_text: bool) -> bool:
        """Take the rows of data; tell whether no column is missing that must be there."""
        self.offset, body = header.row + 1, sheet.rows[header.row + 1 :]
        columns = {place: Cells.of([row[place] if place < len(row) else "" for row in body])
                   for place in sorted(header.columns)}  # fmt: skip
        read = {place: column_kinds.read(cells, header.columns[place], self.names) for place, cells in columns.items()}
        data = self.part_rows(sheet, header, columns, read)
        self.numbers, series = data + self.offset + 1, {}
        self.check_outside(sheet.rows[header.row], header, body, data, is_text)
        self.check_merged(sheet, data)
        sheet.rows = body = []  # a million of them fill the memory
        for place, column in header.columns.items():
            for suffix, said in read[place][0].items():
                series[f"{column.field}{suffix}"] = said.array.take(columns[place].codes[data])
                self.letters[f"{column.field}{suffix}"] = column_name(place)
        self.frame = pd.DataFrame(series, index=pd.RangeIndex(len(data)))
        for place, column in header.columns.items():
            self.check_cells(column, place, columns[place], read[place][1], data, sheet.formats)
            self.check_total(column, place, columns.pop(place))
        if header.ignored:
            self.report.notes.append(f"columns not read: {', '.join(header.ignored.values())}")
        self.complete(constants)
        self.check_key()
        return all(column.optional or column in header.columns.values() for column in self.rule.columns)

    def complete(self, constants: dict) -> None:
        """Add constants, and a blank column for each field that the table or its shape knows and the sheet does not hold."""
        uses, self.document = SHAPES[self.rule.shape].uses, constants.get("document", "")
        known = {one.name: {"bool": "boolean", "int64": "Int64"}.get(one.dtype, one.dtype)
                 for name in self.rule.feeds for one in fields.tables()[name].fields}  # fmt: skip
        constants = {**self.rule.constants, **constants}
        self.frame = self.frame.assign(**{name: constants[name] for name in constants if name in known or name in uses})
        texts = [*uses, *(name for column in self.rule.columns for name in column.outputs)]
        if "*" not in uses:
            self.frame = self.frame.assign(**{
                name: pd.Series(None, index=self.frame.index, dtype=dtype)
                for name, dtype in (dict.fromkeys(texts, "str") | known).items() if name not in self.frame})  # fmt: skip

    def part_rows(self, sheet: Sheet, header: Header, columns: dict[int, Cells], read: dict) -> np.ndarray:
        """Tell data rows, which are given, from titles, headings, totals, repeated headers and notes."""
        report, offset, body = self.report, self.offset, sheet.rows[self.offset :]
        self.above = [(at + 1, said) for at in range(header.first_row) if (said := _joined(sheet.rows[at]))]
        if self.above:
            report.aside["title"] = [number for number, _ in self.above]
        report.aside["header"] = [at + 1 for at in range(header.first_row, offset)]
        count = sum((column.filled.astype(int) for column in columns.values()), np.zeros(len(body), dtype=int))
        # A row that is empty under the header may still hold something in a column that has no label.
        for at in np.flatnonzero(count == 0):
            count[at] = sum(not is_blank(value) for value in body[at])
        report.read = sum(map(len, report.aside.values())) + int((count > 0).sum())

        first, column = next(iter(columns.items()))
        labels, failed = set(map(label_key, header.columns[first].labels)), [*read[first][1]]
        refused = np.isin(column.codes, failed)
        marked = column.told(lambda value: _NOTE.match(shown(value)))
        long = column.told(lambda value: len(shown(value)) > LONGEST_NAME)
        like_note = (count == 0) | ((count == 1) & (refused | (header.columns[first].kind == "text"))) | (marked & refused)
        end = _end_of_table(like_note, count == 0, (count == 1) & (marked | long))
        across = [top - offset for top, left, _, right in sheet.merged if left <= first and right > left]
        places = np.arange(len(body))
        reasons = {
            "skipped by the layout": np.array([self.is_skipped(row) for row in body], dtype=bool) if self.rule.skip else False,
            _BELOW: like_note & (places >= end),
            "total": refused & column.told(lambda value: _TOTAL.match(shown(value))),
            "header again": column.told(lambda value: label_key(value) in labels),
            "heading across the table": (count == 1) & refused & np.isin(places, across),
        }
        data = count > 0
        for reason, is_so in reasons.items():
            for at in np.flatnonzero(data & is_so).tolist():
                if reason != "header again" or _is_header(body[at], header):
                    data[at] = False
                    report.aside.setdefault(reason, []).append(at + offset + 1)
        self.below = [(number, _joined(sheet.rows[number - 1])) for number in report.aside.get(_BELOW, ())]
        report.kept = int(data.sum())
        return np.flatnonzero(data)

    def is_skipped(self, row: list) -> bool:
        """Tell whether a row begins as the layout says that rows begin which are set aside."""
        begins = shown(next((value for value in row if not is_blank(value)), "")).casefold()
        return any(fnmatch.fnmatchcase(begins, pattern.casefold()) for pattern in self.rule.skip)

    def check_outside(self, labels: list, header: Header, body: list[list], data: np.ndarray, is_text: bool) -> None:
        """Find values in data rows under no label (shifted cells, remarks), and lines of a text that are cut or torn."""
        labelled = {place for place, label in enumerate(labels) if not is_blank(label)}
        # Separators may end every row of a text.
        usual = statistics.mode(len(body[at]) for at in data.tolist()) if is_text and len(data) else 0
        for at in data.tolist():
            row = body[at]
            if len(row) == len(labels) == len(labelled):
                continue
            for place in set(range(len(row))) - header.columns.keys() - header.ignored.keys() - labelled:
                if not is_blank(row[place]):
                    self.say(address(at + self.offset, place), found=shown(row[place]),
                             expected="nothing, as the column has no label",
                             suggestion="look whether the cells of the row shifted")  # fmt: skip
            torn = len(row) not in (len(labels), usual) or len(row) < len(labels)
            if is_text and (torn or not all(map(is_blank, row[len(labels) :]))):
                self.say(f"row {at + self.offset + 1}", found=f"{len(row)} values",
                         expected=f"{len(labels)}, as the header has",
                         suggestion="look for a separator too many, a lost one or a lost quotation mark, or a file cut short")

    def check_merged(self, sheet: Sheet, data: np.ndarray) -> None:
        """Find merged cells among the data."""
        for top, left, bottom, right in sheet.merged:
            if np.isin(data + self.offset, range(top, bottom + 1)).any():
                cell = address(top, left)
                self.say(cell, found=f"merged cells {cell}:{address(bottom, right)}", expected="one value in each cell",
                         suggestion="unmerge them and repeat the value in each row it holds for")  # fmt: skip

    def check_cells(
        self, column: ColumnRule, place: int, cells: Cells, failures: dict, data: np.ndarray, formats: dict[str, str]
    ) -> None:
        """Name every cell of a column that is wrong, and forgive those whose rows take the cell as text."""
        values, codes, letters = cells.values, cells.codes[data], column_name(place)
        exempt = np.zeros(len(data), dtype=bool)
        for other, value in column.text_where.items():
            exempt |= (self.frame[other] == value).to_numpy() if other in self.frame else False
        if exempt.any():
            self.frame.loc[exempt, f"{column.field}_text"] = [shown(values[code]) for code in codes[exempt]]
            self.frame.loc[exempt, column.field] = np.nan
        for at in np.flatnonzero(np.isin(codes, list(failures)) & ~exempt) if failures else ():
            said = failures[codes[at]]
            self.say(f"{letters}{self.numbers[at]}", found=shown(values[codes[at]]), expected=said.expected,
                     suggestion=said.suggestion)  # fmt: skip
        for number in self.numbers[~cells.filled[data]] if column.filled else ():
            self.say(f"{letters}{number}", expected=f"a value for {column.labels[0]}")
        for at, number in enumerate(self.numbers) if formats else ():
            said, value = formats.get(f"{letters}{number}"), values[codes[at]]
            if not said or exempt[at] or value == "" or column.kind not in _FORMATS[said][0]:
                continue
            _, what, expected, hint = _FORMATS[said]
            if said == "percent" and not isinstance(value, str):
                hint = f"{value * 100:g} with the unit percent"
            self.say(f"{letters}{number}", found=f"{shown(value)} shown as {what}", expected=expected, suggestion=hint)
        if column.kind in column_kinds.TIMES:
            self.check_swapped_days(letters, [values[code] for code in np.unique(codes)])

    def check_swapped_days(self, letters: str, held: list) -> None:
        """Find a column where a program read the days up to 12 as months: dates up to 12 beside texts of days after 12."""
        days = [value for value in held if isinstance(value, datetime)]
        texts = [_IN_DIGITS.match(value) for value in held if isinstance(value, str)]
        late = [text[0] for text in texts if text and (int(text[1]) > 12 or int(text[2]) > 12)]
        if late and len(days) > 1 and all(day.day <= 12 for day in days):
            self.say(f"column {letters}", found=f"{len(days)} dates with days up to 12 only, beside texts such as {late[0]}",
                     expected="dates whose day and month were not swapped when the file was opened",
                     suggestion="import the original file again with this column as text")  # fmt: skip

    def check_total(self, column: ColumnRule, place: int, cells: Cells) -> None:
        """Compare the total that the sheet itself states, of marks and of counts, with its rows."""
        totals = self.report.aside.get("total", ())
        if len(totals) != 1 or column.kind not in ("mark", "count"):
            return
        stated = cells.values[cells.codes[totals[0] - 1 - self.offset]]
        if isinstance(stated, int | float) and stated != self.frame[column.field].sum():
            expected = f"{shown(float(self.frame[column.field].sum()))}, as the rows above give"
            self.say(address(totals[0] - 1, place), found=f"a total of {shown(stated)}", expected=expected)

    def check_key(self) -> None:
        """Find rows of a sheet that say the same thing twice."""
        key = [name for name in self.rule.key if name in self.frame]
        again = self.frame.loc[self.frame.duplicated(key, keep=False), key].dropna(how="all") if key else ()
        for values, group in again.groupby(key, sort=False, dropna=False) if len(again) else ():
            for at in group.index[1:]:
                found = f"{', '.join(shown(value) for value in values if not pd.isna(value) and value != '')} again"
                self.problem(at, key[0], found=found, expected="one row for each",
                             suggestion=f"compare with row {self.numbers[group.index[0]]}")  # fmt: skip


def _joined(row: list) -> str:
    return " ".join(shown(value) for value in row if not is_blank(value))


def _end_of_table(like_note: np.ndarray, blank: np.ndarray, starts_notes: np.ndarray) -> int:
    """Give the row from which on there are notes: the first blank row or marked note after the last row of data."""
    after = int(np.flatnonzero(~like_note).max(initial=-1)) + 1
    return after + int(np.flatnonzero((blank | starts_notes)[after:]).min(initial=len(blank)))


def _is_header(row: list, header: Header) -> bool:
    same = [label_key(row[place]) in map(label_key, rule.labels) for place, rule in header.columns.items() if place < len(row)]
    return sum(same) >= max(2, 0.8 * len(header.columns))
