"""Copies of the raw exports that tests may spoil: one cell, one sheet, one file at a time."""

import shutil
from pathlib import Path

import openpyxl
import yaml

from ccmlib.base import project
from ccmlib.base.problems import Problems
from ccmlib.ingest import cards
from ccmlib.treaty import build


def copy_raw(folder: Path) -> Path:
    """Copy the raw exports."""
    raw = folder / "raw"
    shutil.copytree(project.RAW, raw)
    return raw


def recard(raw: Path, *files: str) -> None:
    """Write the hashes of files on their cards, as if someone had looked at the changes."""
    path = raw / cards.CARDS_FILE
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for file in files:
        content[file]["sha256"] = cards.sha256(raw / file)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def edit(raw: Path, file: str, change) -> None:
    """Let `change` spoil a workbook, and bring its card up to date."""
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
