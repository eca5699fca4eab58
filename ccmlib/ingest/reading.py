"""Reads the whole folder of raw exports: names first, then every file by its card and layout, corrections applied."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from ccmlib.base.names import ALIASES_FILE, STATES_FILE, TERRITORIES_FILE, StateNames
from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest import cards, facts, grid, layout, published, register, trackers, untc
from ccmlib.ingest.addresses import column_number
from ccmlib.ingest.cards import CORRECTIONS_FILE, Card
from ccmlib.ingest.sheets import ReadReport, Rows, read_workbook
from ccmlib.tidy import schema

NAME_FILES = (STATES_FILE, ALIASES_FILE, TERRITORIES_FILE)
_OF_NAMES = {STATES_FILE: "un_states", ALIASES_FILE: "state_names", TERRITORIES_FILE: "territories"}


@dataclass
class Reading:
    """What the exports say, before anything is computed from it.

    Attributes
    ----------
    parts : dict of str to list of DataFrame
        Rows by tidy table, arranged.
    origins : Origins
        Where each field stands.
    reports : list of ReadReport
        What became of each row.
    names : StateNames or None
        Spellings on record.
    """

    parts: dict[str, list[pd.DataFrame]] = field(default_factory=lambda: defaultdict(list))
    origins: schema.Origins = field(default_factory=schema.Origins)
    reports: list[ReadReport] = field(default_factory=list)
    names: StateNames | None = None

    def add(self, table: str, frame: pd.DataFrame) -> None:
        """Add rows of a tidy table."""
        self.parts[table].append(schema.arrange(table, frame))

    def take(self, read: list[Rows]) -> list[Rows]:
        """Keep the reports and the places of what was read."""
        for rows in read:
            self.reports.append(rows.report)
            self.origins.letters[rows.file, rows.sheet] = rows.letters
        return read

    def tables(self) -> dict[str, pd.DataFrame]:
        """Join the parts of each tidy table; a table without rows is empty."""
        return {
            name: pd.concat(self.parts[name], ignore_index=True)
            if self.parts[name]
            else schema.arrange(name, pd.DataFrame())
            for name in schema.tables()
        }


def read_folder(raw: Path, problems: Problems, instead: dict[str, Path] | None = None) -> Reading:
    """Read the folder of raw exports.

    Parameters
    ----------
    raw : Path
        The folder.
    problems : Problems
        Gets everything that is wrong.
    instead : dict of str to Path, optional
        Files to read in place of those of the same name, whatever their hash; to check a new export.

    Returns
    -------
    Reading
    """
    instead = instead or {}
    reading = Reading()
    if not raw.is_dir():
        problems.add(raw.name, found="no such folder", expected="the folder of the raw exports")
        return reading
    all_cards = cards.load(raw, problems, unchecked=set(instead))
    corrections = _corrections(raw, reading, problems)
    workbooks: dict[str, grid.Workbook] = {}
    for card in all_cards:
        if card.layout == cards.NOT_A_TABLE:
            continue
        try:
            workbooks[card.file] = grid.read(instead.get(card.file, raw / card.file))
        except ProblemsFound as error:
            problems.extend(error.problems)
    notes = _apply(corrections, workbooks, problems)
    by_file = {card.file: card for card in all_cards}
    reading.names = _read_names(by_file, workbooks, reading, problems)
    for file, workbook in workbooks.items():
        if file not in NAME_FILES and reading.names is not None:
            read_one(workbook, by_file[file], reading, problems)
    for report in reading.reports:
        report.notes.extend(notes.get((report.file, report.sheet), ()))
    reading.add("coverage", cards.coverage(all_cards))
    reading.add("sources", cards.sources(all_cards))
    return reading


def read_one(workbook: grid.Workbook, card: Card, reading: Reading, problems: Problems) -> None:
    """Read one workbook into the tidy tables that its layout feeds."""
    read = reading.take(
        read_workbook(
            workbook, layout.load(card.layout), reading.names, {"document": card.title, **card.constants}, problems
        )
    )
    sheets = {rows.rule.shape: rows for rows in read}
    for rows in read:
        shape = rows.rule.shape
        if shape in trackers.SHAPES:
            for table, frame in trackers.SHAPES[shape](rows, problems).items():
                reading.add(table, frame)
        elif shape == "facts":
            for table, frame in facts.facts(rows, reading.names, problems).items():
                reading.add(table, frame)
        elif shape == "participants":
            sources = sheets.get("participant_sources")
            document = str(card.constants.get("document", card.title))
            reading.add(rows.rule.feeds, untc.treaty_actions(rows, sources, reading.names, document, problems))
        elif shape == "published_figures":
            reading.add(shape, published.published_figures(rows, problems))
        elif shape == "country_codes":
            known = reading.tables()["states"]["iso3"]
            reading.add(rows.rule.feeds, register.country_codes(rows, known))
        elif shape == "former_state_names":
            reading.add(rows.rule.feeds, rows.frame.assign(row=rows.row_ids))
        elif shape in ("action_plan", "action_plans", "questions", "periods"):
            reading.add(shape, getattr(published, shape)(rows))


def _read_names(
    by_file: dict[str, Card], workbooks: dict[str, grid.Workbook], reading: Reading, problems: Problems
) -> StateNames | None:
    """Read the three files of names; without them nothing that names a State can be read."""
    found: dict[str, Rows] = {}
    for file in NAME_FILES:
        if file not in workbooks:
            problems.add(file, found="no such file, or one that cannot be read", expected="the names of the States")
            continue
        read = read_workbook(workbooks[file], layout.load(_OF_NAMES[file]), None, by_file[file].constants, problems)
        for rows in reading.take(read):
            found[file] = rows
    if STATES_FILE in found:
        reading.add("states", register.states(found[STATES_FILE]))
    if ALIASES_FILE in found:
        reading.add("state_names", register.state_names(found[ALIASES_FILE]))
    if len(found) < len(NAME_FILES):
        return None
    return register.names(*(found[file] for file in NAME_FILES), problems)


def _corrections(raw: Path, reading: Reading, problems: Problems) -> pd.DataFrame:
    """Read the corrections; without the file there are none."""
    path = raw / CORRECTIONS_FILE
    if path.is_file():
        try:
            read = reading.take(read_workbook(grid.read(path), layout.load("corrections"), None, {}, problems))
        except ProblemsFound as error:
            problems.extend(error.problems)
            read = []
        for rows in read:
            reading.add("corrections", rows.frame.assign(row=rows.row_ids))
    return reading.tables()["corrections"]


def _apply(
    corrections: pd.DataFrame, workbooks: dict[str, grid.Workbook], problems: Problems
) -> dict[tuple[str, str], list[str]]:
    """Correct the cells; one whose old value is no longer there is a problem. Give what was done, by file and sheet."""
    done: dict[tuple[str, str], list[str]] = defaultdict(list)
    for correction in corrections.itertuples():
        workbook = workbooks.get(correction.file)
        sheet = next((sheet for sheet in workbook.sheets if sheet.name == correction.sheet), None) if workbook else None
        letters = correction.cell.rstrip("0123456789")
        row, column = int(correction.cell[len(letters) :] or 0) - 1, column_number(letters) if letters else -1
        inside = sheet is not None and 0 <= row < len(sheet.rows) and 0 <= column < len(sheet.rows[row])
        held = grid.shown(sheet.rows[row][column]) if inside else ""
        if not inside or held != grid.shown(correction.old):
            problems.add(
                correction.file,
                correction.sheet,
                correction.cell,
                found=held or "nothing",
                expected=f'"{correction.old}", which {CORRECTIONS_FILE} corrects',
                suggestion=f"remove the correction ({correction.row}) if the publisher made it",
            )
            continue
        sheet.rows[row][column] = correction.new
        done[correction.file, correction.sheet].append(
            f'corrected: {correction.cell} from "{held}" to "{correction.new}" '
            f"({correction.reason}; {correction.publisher})"
        )
    return done
