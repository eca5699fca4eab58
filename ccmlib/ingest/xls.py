"""What calamine does not tell of an Excel 97 workbook (xls): errors, hidden rows, struck-out cells, comments."""

import io
import struct

import xlrd

from ccmlib.base.problems import unreadable
from ccmlib.ingest.addresses import address
from ccmlib.ingest.packed import FROM_1904, MACROS, NO_ERROR, PASSWORD, SPREADSHEET, TRUNCATED, Part, Parts

_DAMAGED = (xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, IndexError, KeyError, ValueError, TypeError,
            AttributeError, AssertionError, OverflowError, MemoryError, RecursionError)  # fmt: skip
#: calamine sets aside memory up to the last column it is told.
_MOST_COLUMNS = 256


def look(file: str, content: bytes) -> Parts:
    """Look for what makes a workbook unreadable or less than it seems; a damaged or encrypted file is refused."""
    refuse(file, content)
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        parts = Parts({sheet.name: _look_at_sheet(book, sheet) for sheet in book.sheets()})
    except _DAMAGED as error:
        raise unreadable(file, *(PASSWORD if "encrypted" in str(error) else TRUNCATED)) from error
    macros = "_VBA_PROJECT_CUR".encode("utf-16-le") in content
    parts.notes = [note for note, is_so in ((FROM_1904, book.datemode), (MACROS, macros)) if is_so]
    return parts


def refuse(file: str, content: bytes) -> None:
    """Raise `ProblemsFound` for a file of Office's old kind that is encrypted or holds no workbook."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise unreadable(file, *PASSWORD)
    if not any(name.encode("utf-16-le") in content for name in ("Workbook", "Book")):
        raise unreadable(file, "an Office file without a workbook, or a truncated one", SPREADSHEET)


def _look_at_sheet(book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Part:
    if sheet.ncols > _MOST_COLUMNS:
        raise ValueError("a cell beyond the last column")
    seen = Part()
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            if cell.ctype == xlrd.XL_CELL_ERROR:
                text = xlrd.error_text_from_code.get(cell.value, "an error")
                seen.faults.append((address(row, column), text, NO_ERROR, ""))
            elif said := _said(book, cell.xf_index):
                seen.formats[address(row, column)] = said
    rows = [row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0]
    columns = [column + 1 for column, info in sheet.colinfo_map.items() if info.hidden and column < _MOST_COLUMNS - 1]
    seen.note(rows, columns, [address(*cell) for cell in sorted(sheet.cell_note_map)])
    return seen


def _said(book: xlrd.book.Book, index: int | None) -> str:
    style = book.xf_list[index] if index is not None else None
    if style is None:
        return ""
    if book.font_list[style.font_index].struck_out:
        return "struck"
    code = book.format_map[style.format_key].format_str if style.format_key in book.format_map else ""
    return "percent" if "%" in code else "unshown" if code.replace(" ", "") == ";;;" else ""
