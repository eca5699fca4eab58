"""Reads the whole folder of raw exports: names first, then every file by its card and layout, corrections applied."""

import re
import shlex
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path

import pandas as pd

from ccmlib.base import fields
from ccmlib.base.names import ALIASES_FILE, STATES_FILE, TERRITORIES_FILE, UN_NAMES_FILE, StateNames
from ccmlib.base.problems import Problems, ProblemsFound, near
from ccmlib.ingest import cards, grid, layouts, register
from ccmlib.ingest.addresses import column_number
from ccmlib.ingest.cards import CORRECTIONS_FILE, Card
from ccmlib.ingest.headers import find_header, match_sheets
from ccmlib.ingest.rows import ReadReport, Rows
from ccmlib.ingest.shapes import SHAPES
from ccmlib.ingest.sheets import read_workbook

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
NAME_FILES = (STATES_FILE, ALIASES_FILE, TERRITORIES_FILE)
_OF_NAMES = {STATES_FILE: "un_states", ALIASES_FILE: "state_names", TERRITORIES_FILE: "territories"}


@dataclass
class Reading:
    """What the exports say, before anything is computed from it."""

    parts: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))  # rows by tidy table, arranged
    origins: fields.Origins = field(default_factory=fields.Origins)  # where each field stands
    reports: list[ReadReport] = field(default_factory=list)  # what became of each row
    names: StateNames | None = None  # spellings on record

    def add(self, table: str, frame: pd.DataFrame) -> None:
        """Add rows of a tidy table."""
        self.parts[table].append(fields.arrange(table, frame))

    def take(self, read: list[Rows], problems: Problems) -> list[Rows]:
        """Shape what was read into tidy tables; keep the reports and the places, and set aside what gave no row."""
        for rows in read:
            self.reports.append(rows.report)
            self.origins.letters[rows.file, rows.sheet] = rows.letters
            made = SHAPES[rows.rule.shape].make(rows, problems)
            for table, frame in made.items():
                self.add(table, frame)
            if made:
                cells = {row.rpartition(":")[2] for frame in made.values() for row in frame["row"]}
                rows.report.arrived({int(cell.lstrip(_LETTERS)) for cell in cells}, rows.numbers.tolist())
        return read

    def tables(self) -> dict[str, pd.DataFrame]:
        """Join the parts of each tidy table; a table without rows is empty."""
        return {
            name: pd.concat(self.parts[name], ignore_index=True) if self.parts[name] else fields.arrange(name, pd.DataFrame())
            for name in fields.tables()
        }


def read_folder(raw: Path, problems: Problems, instead: dict[str, Path] | None = None, layout: str = "") -> Reading:
    """Read the folder of raw exports.

    Parameters
    ----------
    raw : Path
        The folder.
    problems : Problems
        Gets everything that is wrong.
    instead : dict of str to Path, optional
        Files to read in place of those of the same name, whatever their hash; to check a new export.
    layout : str
        Layout to read these files with; that of the card by default.
    """
    instead = instead or {}
    reading = Reading()
    if not raw.is_dir():
        problems.add(raw.name, found="no such folder", expected="the folder of the raw exports")
        return reading
    by_file = {card.file: card for card in cards.load(raw, problems, unchecked=set(instead))}
    for file in sorted(instead):
        card = by_file.get(file) or cards.unwritten(file, layout)
        by_file[file] = replace(card, layout=layout or card.layout)
    corrections = _corrections(raw, reading, problems)
    workbooks: dict[str, grid.Workbook] = {}
    for file in (file for file, card in by_file.items() if card.layout != cards.NOT_A_TABLE):
        with problems.of_others():
            workbooks[file] = grid.read(instead.get(file, raw / file))
    notes = _apply(corrections, workbooks, problems)
    reading.names = _read_names(by_file, workbooks, reading, problems)
    for file, workbook in workbooks.items():
        if file not in NAME_FILES and reading.names is not None:
            read_one(workbook, by_file[file], reading, problems)
    for report in reading.reports:
        report.notes.extend(notes.get((report.file, report.sheet), ()))
    reading.add("coverage", cards.coverage(list(by_file.values())))
    reading.add("sources", cards.sources(list(by_file.values())))
    return reading


def stands_for(file: Path, layout: str, raw: Path) -> tuple[str, str]:
    """Find the raw file in whose place an export is read, and its layout: as named, as the card says, or as it fits.

    Raises
    ------
    ValueError
        The layout is not known, or none fits the file.
    """
    known = cards.load(raw, Problems(), unchecked={entry.name for entry in raw.iterdir()})
    if layout and not layout.endswith(".yml") and layout not in layouts.names():
        hint = near(layout, layouts.names())
        there = f"; perhaps: {hint}" if hint else f"; there are {', '.join(layouts.names())}"
        raise ValueError(f"no layout {layout!r}{there}")
    by_name = next((card.file for card in known if Path(card.file).stem == file.stem), "")
    if by_name and not layout:
        return by_name, ""
    wanted = layout or recognise(file)
    return next((card.file for card in known if card.layout == wanted), file.name), wanted


def recognise(file: Path) -> str:
    """Find the only layout all of whose sheets a file has."""
    try:
        workbook = grid.read(file)
    except ProblemsFound as error:
        raise ValueError(error.problems.text()) from error
    fits = []
    for name in layouts.names():
        problems = Problems()
        for sheet, rule in match_sheets(workbook, layouts.load(name), problems):
            find_header(workbook.file, sheet, rule, name, problems, workbook.kind)
        fits += [] if problems else [name]
    if len(fits) == 1:
        return fits[0]
    hint = f"ccm layout {shlex.quote(str(file))}"
    some = f"several layouts fit: {', '.join(fits)}" if fits else f"no layout fits it; draft one with `{hint}`"
    raise ValueError(f"no raw export is called {file.name}, and {some}; or name one with --layout")


def read_one(workbook: grid.Workbook, card: Card, reading: Reading, problems: Problems) -> None:
    """Read one workbook into the tidy tables that its layout feeds."""
    own = Problems()
    try:
        layout = layouts.load(card.layout)
        _check_card(card, layout, own)
        constants = {"document": card.title, **card.constants}
        reading.take(read_workbook(workbook, layout, reading.names, constants, own), own)
    except ProblemsFound as error:
        own = error.problems
    if card.rows is not None and (kept := sum(r.kept for r in reading.reports if r.file == card.file)) != card.rows:
        own.add(card.file, found=f"{kept} rows", expected=f"{card.rows} rows, as its source card says")
    problems.extend(own)


def _check_card(card: Card, layout: layouts.Layout, problems: Problems) -> None:
    """Say which constants the layout wants and the card does not state."""
    ledger, said = re.match(r"published_figures_(.+)\.", card.file), card.constants.get("period")
    if ledger and said and ledger[1] != said:
        expected = f"period: {ledger[1]}, as the file is named"
        problems.add(cards.CARDS_FILE, "", f"card {card.file}", found=f"period: {said}", expected=expected)
    wanted = {name for rule in layout.sheets for name in rule.card} - set(card.constants)
    for name in sorted(wanted):
        expected = f"constants: {{{name}: …}} on the card, as the layout {layout.name} wants"
        problems.add(cards.CARDS_FILE, "", f"card {card.file}", expected=expected)


def _read_names(
    by_file: dict[str, Card], workbooks: dict[str, grid.Workbook], reading: Reading, problems: Problems
) -> StateNames | None:
    """Read the three files of names; without them nothing that names a State can be read."""
    found: dict[str, Rows] = {}
    for file in NAME_FILES:
        if file not in workbooks:
            problems.add(file, found="no such file, or one that cannot be read", expected="the names of the States")
            continue
        read = read_workbook(workbooks[file], layouts.load(_OF_NAMES[file]), None, by_file[file].constants, problems)
        for rows in reading.take(read, problems):
            found[file] = rows
    if len(found) < len(NAME_FILES):
        return None
    rows = workbooks[UN_NAMES_FILE].sheets[0].rows if UN_NAMES_FILE in workbooks else [[]]
    un_names = [dict(zip(map(grid.shown, rows[0]), map(grid.shown, row), strict=False)) for row in rows[1:]]
    return register.names(*(found[file] for file in NAME_FILES), problems, un_names)


def _corrections(raw: Path, reading: Reading, problems: Problems) -> pd.DataFrame:
    """Read the corrections; without the file there are none."""
    path = raw / CORRECTIONS_FILE
    if path.is_file():
        with problems.of_others():
            reading.take(read_workbook(grid.read(path), layouts.load("corrections"), None, {}, problems), problems)
    return reading.tables()["corrections"]


def cells_at(workbook: grid.Workbook | None, sheet: str, cell: str) -> tuple[list, slice]:
    """Find a cell such as ``B5``, or the cells of ``row 5``: the grid's row, and which of its cells, none if not there."""
    rows = next((one.rows for one in workbook.sheets if one.name == sheet), []) if workbook else []
    found = re.fullmatch(r"(row |[A-Z]{1,3})([1-9]\d*)", cell)
    if not found or int(found[2]) > len(rows):
        return [], slice(0)
    first = 0 if found[1] == "row " else column_number(found[1])
    return rows[int(found[2]) - 1], slice(first, None if found[1] == "row " else first + 1)


def in_words(cells: list) -> str:
    """Write a cell as a correction names it, or those of a row, with a line between them."""
    if len(cells) == 1:
        return grid.shown(cells[0])
    return " ".join(" | ".join(map(grid.shown, cells)).rstrip(" |").split())


def _apply(
    corrections: pd.DataFrame, workbooks: dict[str, grid.Workbook], problems: Problems
) -> dict[tuple[str, str], list[str]]:
    """Correct cells and rows; one whose old value is no longer there is a problem. Give what was done, by file and sheet."""
    done: dict[tuple[str, str], list[str]] = defaultdict(list)
    for correction in corrections.itertuples():
        row, at = cells_at(workbooks.get(correction.file), correction.sheet, correction.cell)
        held, whole = in_words(row[at]), correction.cell.startswith("row ")
        new = [part.strip() for part in correction.new.split("|")] if whole else [correction.new]
        if not row[at] or held != grid.shown(correction.old) or len(new) > len(row[at]):
            problems.add(
                correction.file, correction.sheet, correction.cell, found=held or "nothing",
                expected=f'"{correction.old}", which {CORRECTIONS_FILE} corrects',
                suggestion=f"remove the correction ({correction.row}) if the publisher made it",
            )
            continue
        row[at] = new + [""] * (len(row[at]) - len(new))
        done[correction.file, correction.sheet].append(
            f'corrected: {correction.cell} from "{held}" to "{correction.new}" ({correction.reason}; {correction.publisher})'
        )
    return done
