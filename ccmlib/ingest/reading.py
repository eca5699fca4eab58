"""Reads the whole folder of raw exports: names first, then every file by its card and layout, corrections applied."""

import contextlib
import gc
import re
import shlex
import string
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from ccmlib.base import fields
from ccmlib.base.names import ALIASES_FILE, STATES_FILE, TERRITORIES_FILE, UN_NAMES_FILE, StateNames
from ccmlib.base.problems import Problems, ProblemsFound, near
from ccmlib.ingest import cards, grid, layouts, register
from ccmlib.ingest.cards import CORRECTIONS_FILE, Card
from ccmlib.ingest.cells import column_number, shown
from ccmlib.ingest.headers import find_header, match_sheets
from ccmlib.ingest.rows import ReadReport, Rows
from ccmlib.ingest.shapes import SHAPES
from ccmlib.ingest.sheets import read_workbook

_OF_NAMES = {STATES_FILE: "un_states", ALIASES_FILE: "state_names", TERRITORIES_FILE: "territories"}
NAME_FILES = tuple(_OF_NAMES)


@dataclass
class Reading:
    """What the exports say, before anything is computed from it."""

    parts: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))  # rows by tidy table, arranged
    origins: fields.Origins = field(default_factory=fields.Origins)  # where each field stands
    reports: list[ReadReport] = field(default_factory=list)  # what became of each row
    names: StateNames | None = None  # spellings on record

    def take(self, read: list[Rows]) -> list[Rows]:
        """Shape what was read into tidy tables; keep the reports and the places, and set aside what gave no row."""
        for rows in read:
            self.reports.append(rows.report)
            self.origins.letters[rows.file, rows.sheet] = rows.letters
            made = SHAPES[rows.rule.shape].make(rows)
            for table, frame in made.items():
                self.parts[table].append(fields.arrange(table, frame))
            if made:
                cells = pd.concat([frame["row"] for frame in made.values()]).str.slice(len(f"{rows.file}:{rows.sheet}:"))
                arrived = cells.astype("str").str.lstrip(string.ascii_uppercase).astype(int)
                rows.set_aside(rows.numbers[~np.isin(rows.numbers, arrived)].tolist())
        return read

    def tables(self) -> dict[str, pd.DataFrame]:
        """Join the parts of each tidy table, which are given away; a table without rows is empty."""
        return {name: pd.concat(self.parts.pop(name, None) or [fields.arrange(name, pd.DataFrame())], ignore_index=True)
                for name in fields.tables()}  # fmt: skip


@contextlib.contextmanager
def _many_objects() -> Iterator[None]:
    """Read without the garbage collector: cells are many and never in cycles, and looking through them takes time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


@_many_objects()
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
    instead, reading = instead or {}, Reading()
    if not raw.is_dir():
        problems.add(raw.name, found="no such folder", expected="the folder of the raw exports")
        return reading
    by_file = {card.file: card for card in cards.load(raw, problems, unchecked=set(instead))}
    for file in instead:
        card = by_file.get(file) or Card(file, layout, title=file, accessed=date.today())
        by_file[file] = replace(card, layout=layout or card.layout)
    corrections, opened = _corrections(raw, reading, problems), {}

    def workbook(file: str) -> grid.Workbook | None:
        """Open a file, and correct what the corrections say; None where it cannot be read."""
        with problems.of_others():
            if file not in opened:
                opened[file] = grid.read(instead.get(file, raw / file))
                _correct(corrections[corrections["file"] == file], opened[file], problems)
            return opened[file]

    _correct(corrections[~corrections["file"].isin(list(by_file))], None, problems)
    of_names = [workbook(file) if file in by_file else None for file in (*NAME_FILES, UN_NAMES_FILE)]
    reading.names = _read_names(of_names, reading, problems)
    for file, card in by_file.items():
        if file not in NAME_FILES and card.layout != cards.NOT_A_TABLE and (one := workbook(file)) and reading.names:
            read_one(one, card, reading, problems)
        opened.pop(file, None)  # one file at a time is held
    for table in (cards.coverage, cards.sources):
        reading.parts[table.__name__].append(fields.arrange(table.__name__, table(list(by_file.values()))))
    return reading


def stands_for(file: Path, layout: str, raw: Path) -> tuple[str, str]:
    """Find the raw file in whose place an export is read, and its layout: as named, as the card says, or as it fits.

    Raises ValueError where the layout is not known, or none fits the file.
    """
    known = cards.load(raw, Problems(), unchecked={entry.name for entry in raw.iterdir()})
    if layout and not layout.endswith(".yml") and layout not in layouts.names():
        raise ValueError(f"no layout {layout!r}; perhaps: {near(layout, layouts.names()) or ', '.join(layouts.names())}")
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
            find_header(workbook, sheet, rule, name, problems)
        fits += [] if problems else [name]
    if len(fits) == 1:
        return fits[0]
    hint = f"ccm layout {shlex.quote(str(file))}"
    some = f"several layouts fit: {', '.join(fits)}" if fits else f"no layout fits it; draft one with `{hint}`"
    raise ValueError(f"no raw export is called {file.name}, and {some}; or name one with --layout")


def read_one(workbook: grid.Workbook, card: Card, reading: Reading, problems: Problems) -> None:
    """Read one workbook into the tidy tables that its layout feeds."""
    own, kept = Problems(), 0
    try:
        layout = layouts.load(card.layout)
        _check_card(card, layout, own)
        constants = {"document": card.title, **card.constants}
        kept = sum(rows.report.kept for rows in reading.take(read_workbook(workbook, layout, reading.names, constants, own)))
    except ProblemsFound as error:
        own = error.problems
    if card.rows not in (None, kept):
        own.add(card.file, found=f"{kept} rows", expected=f"{card.rows} rows, as its source card says")
    problems.extend(own)


def _check_card(card: Card, layout: layouts.Layout, problems: Problems) -> None:
    """Say which constants the layout wants and the card does not state."""
    where = (cards.CARDS_FILE, "", f"card {card.file}")
    ledger, said = re.match(r"published_figures_(.+)\.", card.file), card.constants.get("period")
    if ledger and said and ledger[1] != said:
        problems.add(*where, found=f"period: {said}", expected=f"period: {ledger[1]}, as the file is named")
    for name in sorted({name for rule in layout.sheets for name in rule.card} - set(card.constants)):
        problems.add(*where, expected=f"constants: {{{name}: …}} on the card, as the layout {layout.name} wants")


def _read_names(workbooks: list[grid.Workbook | None], reading: Reading, problems: Problems) -> StateNames | None:
    """Read the three files of names, and the names in six languages; without the three no State can be told."""
    *three, un_names = workbooks
    found = []
    for workbook, (file, layout) in zip(three, _OF_NAMES.items(), strict=True):
        if workbook is None:
            problems.add(file, found="no such file, or one that cannot be read", expected="the names of the States")
        else:
            found += reading.take(read_workbook(workbook, layouts.load(layout), None, {}, problems))
    if len(found) < len(NAME_FILES):
        return None
    header, *rows = [list(map(shown, row)) for row in un_names.sheets[0].rows] if un_names else [[]]
    return register.names(*found, [dict(zip(header, row, strict=False)) for row in rows])


def _corrections(raw: Path, reading: Reading, problems: Problems) -> pd.DataFrame:
    """Read the corrections; without the file there are none."""
    path = raw / CORRECTIONS_FILE
    if path.is_file():
        with problems.of_others():
            reading.take(read_workbook(grid.read(path), layouts.load("corrections"), None, {}, problems))
    return pd.concat([fields.arrange("corrections", pd.DataFrame()), *reading.parts["corrections"]])


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
        return shown(cells[0])
    return " ".join(" | ".join(map(shown, cells)).rstrip(" |").split())


def _correct(corrections: pd.DataFrame, workbook: grid.Workbook | None, problems: Problems) -> None:
    """Correct cells and rows of a workbook and note it; one whose old value is no longer there is a problem."""
    for correction in corrections.itertuples():
        row, at = cells_at(workbook, correction.sheet, correction.cell)
        held, whole = in_words(row[at]), correction.cell.startswith("row ")
        new = [part.strip() for part in correction.new.split("|")] if whole else [correction.new]
        if not row[at] or held != shown(correction.old) or len(new) > len(row[at]):
            problems.add(
                correction.file, correction.sheet, correction.cell, found=held or "nothing",
                expected=f'"{correction.old}", which {CORRECTIONS_FILE} corrects',
                suggestion=f"remove the correction ({correction.row}) if the publisher made it",
            )
            continue
        row[at] = new + [""] * (len(row[at]) - len(new))
        next(one for one in workbook.sheets if one.name == correction.sheet).notes.append(
            f'corrected: {correction.cell} from "{held}" to "{correction.new}" ({correction.reason}; {correction.publisher})')
