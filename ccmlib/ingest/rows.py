"""The data of one sheet, each row with the place it came from, and the report of what became of every row."""

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest.cells import ranges, shown


@dataclass
class ReadReport:
    """What became of the rows of one sheet."""

    file: str
    sheet: str
    feeds: str
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


@dataclass
class Rows:
    """The data of one sheet."""

    file: str
    sheet: str
    rule: object
    names: StateNames | None  # spellings on record
    problems: Problems
    report: ReadReport
    frame: pd.DataFrame = field(default_factory=pd.DataFrame)  # one column per field, constants too; the index counts from 0
    numbers: np.ndarray = ()  # row in the sheet, counted from 1
    letters: dict[str, str] = field(default_factory=dict)  # letters of the column that a field comes from
    document: str = ""  # title of the document, as the card says
    above: list[tuple[int, str]] = field(default_factory=list)  # row and text of the titles above the table
    below: list[tuple[int, str]] = field(default_factory=list)  # and of the notes below it
    others: "dict[str, Rows]" = field(default_factory=dict)  # the sheets of the same workbook by shape

    @property
    def row_ids(self) -> pd.Series:
        """Name each row: ``file.xlsx:Sheet:12``."""
        return self.cell_ids("")

    def cell_ids(self, field_name: str) -> pd.Series:
        """Name the cell of a field in each row: ``file.xlsx:Sheet:D12``; the row where the field has no column."""
        return f"{self.file}:{self.sheet}:{self.letters.get(field_name, '')}" + pd.Series(self.numbers).astype("str")

    def say(self, cell: str, **said: object) -> None:
        """Say what is wrong with a cell, or another place of the sheet: found, expected, suggestion."""
        self.problems.add(self.file, self.sheet, cell, **said)

    def problem(self, at: int, field_name: str, **said: object) -> None:
        """Say what is wrong with a field in the row at a place of the frame."""
        self.say(f"{self.letters.get(field_name, 'row ')}{self.numbers[at]}", **said)

    def refuse(self, wrong: pd.Series, field_name: str, expected: "str | pd.Series") -> None:
        """Add a problem of a field for each row in which it is wrong; a blank is missing."""
        for at in wrong.index[wrong.fillna(False)]:
            value = self.frame[field_name][at]
            said = expected if isinstance(expected, str) else expected[at]
            self.problem(at, field_name, found="" if pd.isna(value) else shown(value), expected=said)

    def blank(self, field_name: str) -> pd.Series:
        """Tell which rows say nothing in a field."""
        return self.frame[field_name].isna() | (self.frame[field_name] == "")

    def set_aside(self, numbers: Iterable[int], reason: str = "says nothing for the table") -> None:
        """Set kept rows aside of which the tidy table holds nothing."""
        known = set().union(*self.report.aside.values())
        if lost := [number for number in numbers if number not in known]:
            self.report.aside.setdefault(reason, []).extend(lost)
            self.report.kept -= len(lost)
