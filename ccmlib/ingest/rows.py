"""The data of one sheet, each row with the place it came from, and the report of what became of every row."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest.addresses import ranges
from ccmlib.ingest.grid import shown


@dataclass
class ReadReport:
    """What became of the rows of one sheet."""

    file: str
    sheet: str
    feeds: str
    header_row: int = 0  # row of the header (its last line), counted from 1
    read: int = 0  # rows that hold anything
    kept: int = 0  # rows that stand in the tidy table
    aside: dict[str, list[int]] = field(default_factory=dict)  # reason, and the rows (counted from 1) set aside for it
    # hidden rows, ignored columns, corrections applied, what was taken from prose
    notes: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        """Give the report as one line, and one more for each note."""
        aside = "; ".join(f"{reason}: {ranges('row', rows)}" for reason, rows in self.aside.items())
        line = f"{self.file}, {self.sheet}: {self.read} rows read, {self.kept} kept for {self.feeds}"
        return "\n  ".join([f"{line}; set aside: {aside}" if aside else line, *self.notes])

    def arrived(self, numbers: set[int], kept: list[int], reason: str = "says nothing for the table") -> None:
        """Set aside the kept rows of which the tidy table holds nothing."""
        known = numbers.union(*self.aside.values())
        if lost := [number for number in kept if number not in known]:
            self.aside.setdefault(reason, []).extend(lost)
            self.kept -= len(lost)


@dataclass
class Rows:
    """The data of one sheet."""

    file: str
    sheet: str
    rule: object
    frame: pd.DataFrame  # one column per field, constants too; the index counts from 0
    numbers: np.ndarray  # row in the sheet, counted from 1
    letters: dict[str, str]  # letters of the column that a field comes from
    above: list[tuple[int, str]]  # row and text of the titles above the table
    below: list[tuple[int, str]]  # and of the notes below it
    report: ReadReport
    names: StateNames | None = None  # spellings on record
    others: "dict[str, Rows]" = field(default_factory=dict)  # the sheets of the same workbook by shape

    @property
    def row_ids(self) -> pd.Series:
        """Name each row: ``file.xlsx:Sheet:12``."""
        return self.cell_ids("")

    def cell_ids(self, field_name: str) -> pd.Series:
        """Name the cell of a field in each row: ``file.xlsx:Sheet:D12``; the row where the field has no column."""
        prefix = f"{self.file}:{self.sheet}:{self.letters.get(field_name, '')}"
        return pd.Series([f"{prefix}{number}" for number in self.numbers.tolist()], dtype="str")

    def problem(self, problems: Problems, at: int, field_name: str, *, found: object = "", expected: str = "",
                suggestion: str = "") -> None:  # fmt: skip
        """Add a problem of a field in the row at a place of the frame."""
        cell = f"{self.letters.get(field_name, 'row ')}{self.numbers[at]}"
        problems.add(self.file, self.sheet, cell, found=found, expected=expected, suggestion=suggestion)

    def refuse(self, problems: Problems, wrong: pd.Series, field_name: str, expected: "str | pd.Series") -> None:
        """Add a problem of a field for each row in which it is wrong; a blank is missing."""
        for at in wrong.index[wrong.fillna(False)]:
            value = self.frame[field_name][at]
            said = expected if isinstance(expected, str) else expected[at]
            self.problem(problems, at, field_name, found="" if pd.isna(value) else shown(value), expected=said)
