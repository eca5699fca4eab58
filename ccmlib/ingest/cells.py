"""Sheets of cells: their values as text, and their addresses."""

from dataclasses import dataclass, field
from datetime import date

from ccmlib.base.problems import Problem


@dataclass
class Sheet:
    """One sheet: rows of cells as the program stored them."""

    name: str  # name of the sheet; for a text file its name without ending
    rows: list[list] = field(default_factory=list)  # values row by row from A1 on; an empty cell is `""`
    # merged ranges: first row, first column, last row, last column, counted from 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    # cells whose format says more than their value: `percent`, `year`, `struck`, `unshown`, `raised`
    formats: dict[str, str] = field(default_factory=dict)
    # cells that hold no value though they seem to: error values, formulas never calculated
    faults: list[Problem] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)  # what a reader should know: hidden rows, hidden columns

    @property
    def empty(self) -> bool:
        """Tell whether no cell holds anything."""
        return all(is_blank(value) for row in self.rows for value in row)


@dataclass
class Workbook:
    """A file and its sheets."""

    file: str  # name of the file, without its folder
    kind: str  # `xlsx`, `xls`, `ods`, `csv` or `page`
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)  # what was ignored and is said: macros, links to other workbooks


def is_blank(value: object) -> bool:
    """Tell whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff \t\r\n\u00a0\u202f\u2007"))


def shown(value: object) -> str:
    """Give the text of a cell for a message or a comparison: whole numbers without decimals, dates as ISO.

    Examples
    --------
    >>> from datetime import datetime
    >>> shown(2015.0), shown(datetime(2016, 4, 6)), shown(" x ")
    ('2015', '2016-04-06', 'x')
    """
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, date):
        return str(value).removesuffix(" 00:00:00").partition(".")[0]
    return " ".join(str(value).split())


def column_name(column: int) -> str:
    """Give the letters of a column counted from 0.

    Examples
    --------
    >>> column_name(0), column_name(26), column_name(702)
    ('A', 'AA', 'AAA')
    """
    before, last = divmod(column, 26)
    return (column_name(before - 1) if before else "") + chr(65 + last)


def column_number(letters: str) -> int:
    """Give the number, counted from 0, of a column."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def address(row: int, column: int) -> str:
    """Give the address of a cell, its row and column counted from 0.

    Examples
    --------
    >>> address(11, 2), column_number("AA")
    ('C12', 26)
    """
    return f"{column_name(column)}{row + 1}"


def ranges(what: str, numbers: list[int]) -> str:
    """Name rows or columns counted from 1, those that follow each other as a range.

    Examples
    --------
    >>> ranges("row", [5, 6, 7, 12]), ranges("column", [6])
    ('rows 5-7, 12', 'column F')
    """
    runs: list[list[int]] = []
    for number in sorted(set(numbers)):
        if runs and number == runs[-1][-1] + 1:
            runs[-1][1:] = [number]
        else:
            runs.append([number])
    named = ["-".join(column_name(end - 1) if what == "column" else str(end) for end in run) for run in runs]
    return f"{what}{'s' if len(set(numbers)) > 1 else ''} {', '.join(named)}"
