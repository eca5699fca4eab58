"""Copies of the raw exports that tests may spoil: one cell, one sheet, one file at a time."""

import re
import shutil
from collections.abc import Iterable
from pathlib import Path

import openpyxl

from ccmlib.base import project
from ccmlib.base.problems import Problems
from ccmlib.ingest import cards
from ccmlib.ingest.reading import NAME_FILES
from ccmlib.treaty import build

#: What every export is read with: the States and their names, the periods, and who joined when.
GROUND = (*NAME_FILES, "periods.csv", "untc_xxvi_6.xlsx")


def copy_raw(folder: Path) -> Path:
    """Copy the raw exports."""
    raw = folder / "raw"
    shutil.copytree(project.RAW, raw)
    return raw


def copy_ground(folder: Path, files: Iterable[str] = GROUND) -> Path:
    """Copy what every export is read with, or some of it, and no more: the other exports take long to read."""
    raw = folder / "raw"
    raw.mkdir()
    shutil.copy(project.RAW / cards.CORRECTIONS_FILE, raw)
    bring(raw, *files)
    return raw


def bring(raw: Path, *files: str) -> None:
    """Copy raw exports, each with its card, into a folder that lacks them."""
    known = (project.RAW / cards.CARDS_FILE).read_text(encoding="utf-8")
    for file in files:
        if not (raw / file).exists():
            shutil.copy(project.RAW / file, raw)
            with (raw / cards.CARDS_FILE).open("a", encoding="utf-8") as written:
                written.write(re.search(rf"(?ms)^{re.escape(file)}:\n.*?(?=^\S|\Z)", known)[0])


def recard(raw: Path, *files: str) -> None:
    """Write the hashes of files on their cards, as if someone had looked at the changes."""
    for file in files:
        cards.update_card(file, raw)


def edit(raw: Path, file: str, change) -> None:
    """Let `change` spoil a workbook, and bring its card up to date."""
    bring(raw, file)
    workbook = openpyxl.load_workbook(raw / file)
    change(workbook)
    workbook.save(raw / file)
    recard(raw, file)


def put(raw: Path, file: str, sheet: str, cell: str, value: object) -> None:
    """Put a value into a cell of a raw workbook."""

    def change(workbook):
        workbook[sheet][cell] = value

    edit(raw, file, change)


def problems_of(raw: Path) -> Problems:
    """Give everything that is wrong in a folder of raw exports."""
    return build.check(raw=raw)[1]


def one(problems: Problems):
    """Give the only problem."""
    found = list(problems)
    assert len(found) == 1, problems.text()
    return found[0]
