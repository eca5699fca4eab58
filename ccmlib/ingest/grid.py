"""Any spreadsheet, text file or saved page as sheets of cells; what it is, is told by its content, not by its name."""

import contextlib
import csv
import io
import re
from pathlib import Path

from ccmlib.base.problems import unreadable
from ccmlib.ingest import webpage, workbooks
from ccmlib.ingest.cells import Sheet, Workbook

#: Largest file that is opened.
MOST_BYTES = 1 << 30
#: Longest text of one cell in a text file; that of a spreadsheet program is 32,767.
LONGEST_CELL = 1 << 17

#: Bytes that stand beside letters in either: quotation marks, dashes, the euro, ellipses, currency and degree signs.
_MARKS = {0x80, 0x85, 0x91, 0x92, 0x93, 0x94, 0x96, 0x97, *range(0xA0, 0xC0), *range(0xD2, 0xD6)}
#: What each kind of file is called, and the endings of its name.
_KINDS = {
    "xlsx": ("an Excel workbook (xlsx)", ".xlsx", ".xlsm"),
    "xls": ("an Excel 97 workbook (xls)", ".xls"),
    "ods": ("an OpenDocument spreadsheet (ods)", ".ods"),
    "csv": ("a text file (csv)", ".csv", ".tsv", ".txt"),
    "page": ("a web page or XML file", ".html", ".htm", ".xml", ".xls", ".xlsx"),
}
_NOT_TABLES = {b"%PDF": "a PDF document", b"{\\rtf": "an RTF document", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture"}
_PAGE_NOTE = "a web page or XML file: rows are counted in it from the first text on"


def read(path: Path) -> Workbook:
    """Read a spreadsheet, a text file or a saved page.

    Raises
    ------
    ProblemsFound
        The file is empty, damaged, encrypted, too large, or not what its name says.
    """
    try:
        size = path.stat().st_size
        content = path.read_bytes() if size <= MOST_BYTES else b""
    except OSError as error:
        found = error.strerror or "a file that cannot be read"
        raise unreadable(path.name, found, "a file that can be read") from error
    if size > MOST_BYTES:
        raise unreadable(path.name, f"{size:,} bytes", f"at most {MOST_BYTES:,} bytes")
    book = _workbook(path, content)
    called, *endings = _KINDS[book.kind]
    if path.suffix.lower() not in endings:
        meant = next((name for name, *others in _KINDS.values() if path.suffix.lower() in others), "")
        expected = meant or f"a name that ends in {' or '.join(endings)}"
        hint = f"save it again from the spreadsheet program, or name it {path.stem}{endings[0]}"
        raise unreadable(path.name, f"{called} by its content", expected, hint)
    return book


def _workbook(path: Path, content: bytes) -> Workbook:
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        found = "an empty file" if not content else "a file without text"
        raise unreadable(path.name, found, workbooks.SPREADSHEET, "export it again")
    if content.startswith((b"PK", b"\xd0\xcf\x11\xe0")):
        return workbooks.read(path.name, content)
    for start, name in _NOT_TABLES.items():
        if content.startswith(start):
            raise unreadable(path.name, name, workbooks.SPREADSHEET)
    if webpage.is_page(content):
        return Workbook(path.name, "page", [Sheet(path.stem, *webpage.read(path.name, content))], [_PAGE_NOTE])
    return _text_file(path, content)


def _text_file(path: Path, content: bytes) -> Workbook:
    encoding = _encoding(path.name, content)
    notes = [] if encoding.startswith("utf-8") else [f"read as {encoding}"]
    if not content.rstrip(b"\0").endswith((b"\n", b"\r")) and content.count(b"\n") > 1:
        notes.append("the last line has no end: look whether the file is whole")
    start = content[:20_000].decode(encoding, "ignore")
    csv.field_size_limit(LONGEST_CELL)
    lines = io.TextIOWrapper(io.BytesIO(content), encoding, newline="")
    reader = csv.reader(lines, delimiter=_delimiter(start), strict=True)
    held: dict[str, str] = {}  # equal texts are one, so that many rows do not fill the memory
    try:
        rows = [list(map(held.setdefault, row, row)) for row in reader]
    except csv.Error as error:
        hint = 'open it in a text editor and look for a lost quotation mark (")'
        found = f"{error} at line {reader.line_num}"
        raise unreadable(path.name, found, "text in which every quotation mark is closed", hint) from error
    return Workbook(path.name, "csv", [Sheet(path.stem, rows)], notes)


def _encoding(file: str, content: bytes) -> str:
    again = "export it again as CSV UTF-8"
    for encoding in ["utf-16"] if content.startswith((b"\xff\xfe", b"\xfe\xff")) else ["utf-8-sig", "cp1252"]:
        with contextlib.suppress(UnicodeDecodeError):
            text = content.decode(encoding)
            if encoding == "cp1252" and _is_macintosh(content):
                raise unreadable(file, "text in a Macintosh encoding", "text in UTF-8", again)
            if "\0" not in text:
                return encoding
    raise unreadable(file, "bytes that are not text", "text in UTF-8, UTF-16 or Windows-1252", again)


def _is_macintosh(content: bytes) -> bool:
    """Tell by the letters within words: Macintosh has accents where Windows has marks that stand between words."""
    inner = set(b"".join(re.findall(rb"(?<=[A-Za-z])[\x80-\xff]|[\x80-\xff](?=[A-Za-z])", content)))
    return bool(inner - set(range(0xC0, 0x100)) - _MARKS) and not inner & (set(range(0xC0, 0x100)) - _MARKS)


def _delimiter(start: str) -> str:
    """Take the separator that cuts most of the first lines into equally many pieces; a comma where none does."""
    scores = {}
    for delimiter in ",;\t":
        widths = [len(row) for row in csv.reader(start.splitlines()[:50], delimiter=delimiter)]
        scores[delimiter] = max(((width - 1) * widths.count(width) for width in set(widths)), default=0)
    return max(scores, key=scores.get)
