"""Any spreadsheet file as sheets of cells.

What a file is, is told by its content, not by its name. Reading is quick (calamine); what calamine cannot see (error
values, formulas that were never calculated, hidden rows, percent formats) is looked for in the file itself before.
"""

import contextlib
import csv
import gc
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import partial
from pathlib import Path

from ccmlib.base.problems import Problem, unreadable
from ccmlib.ingest import ods, packed, webpage, xls, xlsx

#: Largest file that is opened.
MOST_BYTES = 1 << 30
#: Most cells of a sheet: calamine sets aside memory for every cell up to the last one.
MOST_CELLS = 30_000_000
#: Longest text of one cell in a text file; that of a spreadsheet program is 32,767.
LONGEST_CELL = 1 << 17

#: Bytes that stand beside letters in either: quotation marks, dashes, the euro, ellipses, currency and degree signs.
_MARKS = {0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, *range(0xA0, 0xC0), *range(0xD2, 0xD6)}
_ENDINGS = {
    "xlsx": (".xlsx", ".xlsm"), "xls": (".xls",), "ods": (".ods",), "csv": (".csv", ".tsv", ".txt"),
    "page": (".html", ".htm", ".xml", ".xls", ".xlsx"),
}  # fmt: skip
_CALLED = {
    "xlsx": "an Excel workbook (xlsx)", "xls": "an Excel 97 workbook (xls)", "ods": "an OpenDocument spreadsheet (ods)",
    "csv": "a text file (csv)", "page": "a web page or XML file",
}
_NOT_TABLES = (
    (b"%PDF", "a PDF document"), (b"\x89PNG", "a picture"), (b"\xff\xd8\xff", "a picture"), (b"GIF8", "a picture"),
    (b"Rar!", "a RAR archive"), (b"7z\xbc\xaf", "a 7z archive"), (b"\x1f\x8b", "a gzip archive"),
    (b"{\\rtf", "an RTF document"),
)
_PAGE_NOTE = "a web page or XML file: rows are counted in it from the first text on"


@dataclass
class Sheet:
    """One sheet: rows of cells as the program stored them."""

    name: str  # name of the sheet; for a text file its name without ending
    rows: list[list]  # values row by row from A1 on; an empty cell is `""`
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
        return not any(not is_blank(value) for row in self.rows for value in row)


@dataclass
class Workbook:
    """A file and its sheets."""

    file: str  # name of the file, without its folder
    kind: str  # `xlsx`, `xls`, `ods` or `csv`
    sheets: list[Sheet]
    notes: list[str] = field(default_factory=list)  # what was ignored and is said: macros, links to other workbooks


def is_blank(value: object) -> bool:
    """Tell whether a cell holds nothing but white space."""
    return value is None or (isinstance(value, str) and not value.strip("\u200b\ufeff \t\r\n\u00a0\u202f\u2007"))


def shown(value: object) -> str:
    """Give the text of a cell for a message or a comparison: whole numbers without decimals, dates as ISO.

    Examples
    --------
    >>> shown(2015.0), shown(datetime(2016, 4, 6)), shown(" x ")
    ('2015', '2016-04-06', 'x')
    """
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        midnight = not (value.hour or value.minute or value.second or value.microsecond)
        return f"{value:%Y-%m-%d}" if midnight else f"{value:%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    return " ".join(str(value).split())


@contextlib.contextmanager
def many_objects() -> Iterator[None]:
    """Read without the garbage collector: cells are many and never in cycles, and looking through them takes time."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def read(path: Path) -> Workbook:
    """Read a spreadsheet or text file.

    Parameters
    ----------
    path : Path
        The file.

    Raises
    ------
    ProblemsFound
        The file is empty, damaged, encrypted, too large, or not what its name says.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        found = error.strerror or "a file that cannot be read"
        raise unreadable(path.name, found, "a file that can be read") from error
    if size > MOST_BYTES:
        raise unreadable(path.name, f"{size:,} bytes", f"at most {MOST_BYTES:,} bytes")
    kind = _kind(path.name, content)
    if path.suffix.lower() not in _ENDINGS[kind]:
        meant = next((name for name, endings in _ENDINGS.items() if path.suffix.lower() in endings), None)
        expected = _CALLED[meant] if meant else f"a name that ends in {' or '.join(_ENDINGS[kind])}"
        hint = f"save it again from the spreadsheet program, or name it {path.stem}{_ENDINGS[kind][0]}"
        raise unreadable(path.name, f"{_CALLED[kind]} by its content", expected, hint)
    with many_objects():
        if kind == "page":
            rows, merged = webpage.read(path.name, content)
            return Workbook(path.name, kind, [Sheet(path.stem, rows, merged)], [_PAGE_NOTE])
        return _text_file(path, content) if kind == "csv" else _spreadsheet(path, kind, content)


def _kind(file: str, content: bytes) -> str:
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        raise unreadable(file, "an empty file" if not content else "a file without text", packed.SPREADSHEET, "export it again")
    if content.startswith(b"PK"):
        return packed.kind(file, content)
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        xls.refuse(file, content)
        return "xls"
    for start, name in _NOT_TABLES:
        if content.startswith(start):
            raise unreadable(file, name, packed.SPREADSHEET)
    return "page" if webpage.is_page(content) else "csv"


def _spreadsheet(path: Path, kind: str, content: bytes) -> Workbook:
    import python_calamine

    file = path.name
    looks = {"xls": xls.look, "xlsx": partial(xlsx.look, most_cells=MOST_CELLS),
             "ods": partial(ods.look, most_cells=MOST_CELLS)}  # fmt: skip
    parts = looks[kind](file, content)
    try:
        workbook = python_calamine.CalamineWorkbook.from_path(str(path))
    except python_calamine.PasswordError as error:
        raise unreadable(file, *packed.PASSWORD) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable(file, f"a damaged workbook ({error})", _CALLED[kind], "export it again") from error
    sheets = []
    for meta in workbook.sheets_metadata:
        if str(meta.typ) != "SheetTypeEnum.WorkSheet":
            continue
        part = parts.sheets.get(meta.name, packed.Part())
        try:
            grid = workbook.get_sheet_by_name(meta.name)
            rows = grid.to_python(skip_empty_area=False)
            merged = [(*first, *last) for first, last in grid.merged_cell_ranges or ()]
        except (python_calamine.CalamineError, OSError, ValueError) as error:
            found = f"a damaged sheet ({error})"
            raise unreadable(file, found, "a sheet that can be read", "export it again") from error
        faults = [Problem(file, meta.name, cell, found, expected, hint) for cell, found, expected, hint in part.faults]
        notes = list(part.notes)
        if str(meta.visible) != "SheetVisibleEnum.Visible":
            notes.insert(0, "the sheet is hidden; it is read like the others")
        sheets.append(Sheet(meta.name, rows, sorted(merged), part.formats, faults, notes))
    return Workbook(file, kind, sheets, parts.notes)


def _text_file(path: Path, content: bytes) -> Workbook:
    text, encoding = _decode(path.name, content)
    notes = [] if encoding.startswith("utf-8") else [f"read as {encoding}"]
    if not text.endswith(("\n", "\r")) and text.count("\n") > 1:
        notes.append("the last line has no end: look whether the file is whole")
    first = re.match(r"sep=(.)\r?\n", text)
    delimiter = first[1] if first else _delimiter(text)
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        hint = 'open it in a text editor and look for a lost quotation mark (")'
        found = f"{error} at line {reader.line_num}"
        raise unreadable(path.name, found, "text in which every quotation mark is closed", hint) from error
    if first:
        rows[0] = []
    return Workbook(path.name, "csv", [Sheet(path.stem, rows)], notes)


def _decode(file: str, content: bytes) -> tuple[str, str]:
    again = "export it again as CSV UTF-8"
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        tries = ["utf-16"]
    elif content[:400].count(0) > len(content[:400]) // 4:
        tries = ["utf-16-le" if content[1:2] == b"\0" else "utf-16-be"]
    else:
        tries = ["utf-8-sig", "cp1252"]
    for encoding in tries:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if encoding == "cp1252" and _is_macintosh(content):
                raise unreadable(file, "text in a Macintosh encoding", "text in UTF-8", again)
            if "\0" not in text:
                return text, encoding
    raise unreadable(file, "bytes that are not text", "text in UTF-8, UTF-16 or Windows-1252", again)


def _is_macintosh(content: bytes) -> bool:
    """Tell by the letters within words: Macintosh has accents where Windows has marks that stand between words."""
    inner = set(b"".join(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])", content)))
    return bool(inner - set(range(0xC0, 0x100)) - _MARKS) and not inner & (set(range(0xC0, 0x100)) - _MARKS)


def _delimiter(text: str) -> str:
    """Take the separator that cuts most of the first lines into equally many pieces."""
    sample = text[:20_000].splitlines()[:50]
    best, most = ",", 0
    for delimiter in ",;\t":
        widths = [len(row) for row in csv.reader(sample, delimiter=delimiter)]
        score = max(((width - 1) * widths.count(width) for width in set(widths)), default=0)
        if score > most:
            best, most = delimiter, score
    return best
