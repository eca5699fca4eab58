"""Workbooks that are zip archives (xlsx, ods), opened so that a damaged, encrypted or exploding one is refused."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass, field

from ccmlib.base.problems import unreadable
from ccmlib.ingest.addresses import ranges

#: Most bytes that a workbook may unpack to.
MOST_UNPACKED = 600_000_000
#: Most files in the archive.
MOST_ENTRIES = 10_000
_DAMAGED = (zipfile.BadZipFile, zipfile.zlib.error, KeyError, EOFError, NotImplementedError, OSError, ValueError)
WHOLE = "a workbook saved by a spreadsheet program"
AGAIN = "export or download it again"
SPREADSHEET = "a spreadsheet (xlsx, xls, ods) or a text file (csv)"
PASSWORD = ("an encrypted workbook", "a workbook without a password", "save it without a password")
TRUNCATED = ("a truncated or damaged workbook", "a whole workbook", AGAIN)
MACROS, FROM_1904 = "it holds macros: ignored", "dates count from 1904 in this workbook; they are read so"

NO_ERROR = "a value, not an error"
FORMULA = ("a formula that was never calculated", "a value",
           "open the file in the spreadsheet program, let it calculate, and save it")  # fmt: skip


@dataclass
class Part:
    """What was seen of one sheet beside its values."""

    faults: list[tuple[str, str, str, str]] = field(default_factory=list)  # cell, what is found, what is expected, what to do
    formats: dict[str, str] = field(default_factory=dict)  # cells whose format says more than their value, as in `grid.Sheet`
    notes: list[str] = field(default_factory=list)  # hidden rows and columns, comments, computed cells

    def note(self, rows: Iterable[int] = (), columns: Iterable[int] = (), comments: Iterable[str] = ()) -> None:
        """Note rows and columns that are hidden, counted from 1, and cells that have comments."""
        for what, numbers in (("row", list(rows)), ("column", list(columns))):
            if numbers:
                self.notes.append(f"hidden: {ranges(what, numbers)}; read like the others")
        if cells := list(comments):
            self.notes.append(f"comments, not read: {cells_named(cells)}")


@dataclass
class Parts:
    """What was seen in a whole file: by sheet, and of the workbook."""

    sheets: dict[str, Part] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def cells_named(cells: list[str]) -> str:
    """Name cells for a note, the first of many."""
    return ", ".join(cells[:12]) + (f" and {len(cells) - 12} more" if len(cells) > 12 else "")


def opened(file: str, content: bytes) -> zipfile.ZipFile:
    """Open an archive whose directory is sound."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise unreadable(file, *TRUNCATED) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        found = f"{len(entries):,} parts that unpack to {unpacked:,} bytes"
        raise unreadable(file, found, f"at most {MOST_ENTRIES:,} parts and {MOST_UNPACKED:,} bytes")
    if len({entry.filename for entry in entries}) < len(entries):
        raise unreadable(file, "an archive that holds two parts of one name", WHOLE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable(file, *PASSWORD)
    return archive


def part(file: str, archive: zipfile.ZipFile, name: str) -> bytes:
    """Read a part, which may declare no document type: entities in one could unpack without end."""
    try:
        content = archive.read(name)
    except _DAMAGED as error:
        raise unreadable(file, f"a damaged part {name}", WHOLE, AGAIN) from error
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise unreadable(file, f"a document type declaration in {name}", WHOLE)
    return content


def kind(file: str, content: bytes) -> str:
    """Tell whether a zip archive is an ``xlsx`` or ``ods`` workbook; raises `ProblemsFound` for anything else."""
    archive = opened(file, content)
    names = set(archive.namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if {"mimetype", "content.xml"} <= names and b"oasis.opendocument.spreadsheet" in part(file, archive, "mimetype"):
        return "ods"
    if "xl/workbook.bin" in names:
        raise unreadable(file, "a binary Excel workbook (xlsb)", "an xlsx workbook", "save it as xlsx")
    raise unreadable(file, "a zip archive that is no spreadsheet", SPREADSHEET)
