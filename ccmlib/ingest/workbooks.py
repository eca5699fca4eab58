"""Workbooks (xlsx, xls, ods): values read by calamine, and what calamine does not tell looked for in the file before.

That is what makes a workbook unreadable (damage, passwords, size) or less than it seems: errors, formulas never
calculated, hidden parts, comments, and formats that say more than the value.
"""

import io
import posixpath
import re
import struct
import zipfile
from collections.abc import Iterable
from xml.etree.ElementTree import Element, ParseError

import xlrd
from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring, iterparse

from ccmlib.base.problems import Problem, ProblemsFound, unreadable
from ccmlib.ingest.cells import Sheet, Workbook, address, column_number, ranges

#: Most bytes that a workbook may unpack to, and most files in its archive.
MOST_UNPACKED, MOST_ENTRIES = 600_000_000, 10_000
#: Most cells of a sheet: calamine sets aside memory for every cell up to the last one.
MOST_CELLS = 30_000_000
#: Columns of the widest sheet there can be, in xlsx and xls.
_ALL_COLUMNS, _ALL_COLUMNS_97 = 16_384, 256

SPREADSHEET = "a spreadsheet (xlsx, xls, ods) or a text file (csv)"
_WHOLE, _AGAIN = "a workbook saved by a spreadsheet program", "export or download it again"
_PASSWORD = ("an encrypted workbook", "a workbook without a password", "save it without a password")
_TRUNCATED = ("a truncated or damaged workbook", "a whole workbook", _AGAIN)
_MACROS, _FROM_1904 = "it holds macros: ignored", "dates count from 1904 in this workbook; they are read so"
_FORMULA = ("a formula that was never calculated", "a value",
            "open the file in the spreadsheet program, let it calculate, and save it")  # fmt: skip
_DAMAGED_ZIP = (zipfile.BadZipFile, zipfile.zlib.error, KeyError, EOFError, NotImplementedError, OSError, ValueError)
_DAMAGED_XLS = (xlrd.XLRDError, xlrd.compdoc.CompDocError, struct.error, LookupError, ValueError, TypeError,
                AttributeError, AssertionError, ArithmeticError, MemoryError, RecursionError)  # fmt: skip
_NAMESPACES = {
    "calcext": "{urn:org:documentfoundation:names:experimental:calc:xmlns:calcext:1.0}",
    **{name: f"{{urn:oasis:names:tc:opendocument:xmlns:{name}:1.0}}" for name in ("office", "table", "style")},
}


def read(file: str, content: bytes) -> Workbook:
    """Read a workbook; raises `ProblemsFound` where it is none, or cannot be read whole."""
    import python_calamine

    book = _look(file, content)
    looked = {sheet.name: sheet for sheet in book.sheets}
    book.sheets = []
    try:
        calamine = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        for meta in calamine.sheets_metadata:
            if str(meta.typ) != "SheetTypeEnum.WorkSheet":
                continue
            sheet, values = looked.get(meta.name, Sheet(meta.name)), calamine.get_sheet_by_name(meta.name)
            sheet.rows = values.to_python(skip_empty_area=False)
            sheet.merged = sorted((*first, *last) for first, last in values.merged_cell_ranges or ())
            if str(meta.visible) != "SheetVisibleEnum.Visible":
                sheet.notes.insert(0, "the sheet is hidden; it is read like the others")
            book.sheets.append(sheet)
    except python_calamine.PasswordError as error:
        raise unreadable(file, *_PASSWORD) from error
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        raise unreadable(file, f"a damaged workbook ({error})", _WHOLE, "export it again") from error
    return book


def _look(file: str, content: bytes) -> Workbook:
    """Look at a workbook of any kind; its sheets have no rows yet."""
    if not content.startswith(b"PK"):
        return _look_at_xls(file, content)
    parts = _unpack(file, content)
    if "xl/workbook.xml" in parts:
        return _look_at_xlsx(file, parts)
    if "content.xml" in parts and b"oasis.opendocument.spreadsheet" in parts.get("mimetype", b""):
        return _look_at_ods(file, parts)
    found = "a binary Excel workbook (xlsb)" if "xl/workbook.bin" in parts else "a zip archive that is no spreadsheet"
    raise unreadable(file, found, SPREADSHEET, "save it as xlsx")


def _unpack(file: str, content: bytes) -> dict[str, bytes]:
    """Read the parts of a zip archive; one that is damaged, encrypted or exploding is refused."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except _DAMAGED_ZIP as error:
        raise unreadable(file, *_TRUNCATED) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        found = f"{len(entries):,} parts that unpack to {unpacked:,} bytes"
        raise unreadable(file, found, f"at most {MOST_ENTRIES:,} parts and {MOST_UNPACKED:,} bytes")
    if len({entry.filename for entry in entries}) < len(entries):
        raise unreadable(file, "an archive that holds two parts of one name", _WHOLE)
    if any(entry.flag_bits & 1 for entry in entries):
        raise unreadable(file, *_PASSWORD)
    parts = {}
    for entry in entries:
        try:
            parts[entry.filename] = archive.read(entry)
        except _DAMAGED_ZIP as error:
            raise unreadable(file, f"a damaged part {entry.filename}", _WHOLE, _AGAIN) from error
    return parts


def _damaged(file: str, part: str) -> ProblemsFound:
    """Make the error of a part whose XML is broken, or declares entities, which could unpack without end."""
    return unreadable(file, f"a damaged part {part}, or one with a document type declaration", _WHOLE)


def _too_many_cells(file: str, sheet: str, rows: int, columns: int) -> None:
    if rows * columns > MOST_CELLS:
        found = f"cells down to row {rows:,} and out to column {columns:,}"
        hint = "delete the empty rows and columns after the table"
        raise unreadable(file, found, f"at most {MOST_CELLS:,} cells", hint, sheet=sheet)


def _fault(file: str, sheet: Sheet, cell: str, found: str, expected: str = "a value, not an error", hint: str = "") -> None:
    sheet.faults.append(Problem(file, sheet.name, cell, found, expected, hint))


def _note(sheet: Sheet, rows: list[int] = (), columns: list[int] = (), **cells: Iterable[str]) -> None:
    """Note rows and columns that are hidden, counted from 1, and cells of which something is to be said."""
    for what, numbers in (("row", rows), ("column", columns)):
        if numbers:
            sheet.notes.append(f"hidden: {ranges(what, numbers)}; read like the others")
    for what, named in cells.items():
        if named:
            more = f" and {len(named) - 12} more" if len(named) > 12 else ""
            said = {"comments": "comments, not read", "computed": "computed cells, read as the file stores them"}[what]
            sheet.notes.append(f"{said}: {', '.join(named[:12])}{more}")


def _look_at_xlsx(file: str, parts: dict[str, bytes]) -> Workbook:
    def xml(name: str) -> Element:
        try:
            return fromstring(parts[name], forbid_dtd=True)
        except (ParseError, DefusedXmlException) as error:
            raise _damaged(file, name) from error

    def links(name: str) -> dict[str, str]:
        """Give the parts that a part is linked with, by the name of the link."""
        folder, part = posixpath.split(name)
        there = f"{folder}/_rels/{part}.rels"
        return {link.get("Id"): posixpath.normpath(posixpath.join("/", folder, link.get("Target", "")))[1:]
                for link in (xml(there) if there in parts else ())}  # fmt: skip

    book = xml("xl/workbook.xml")
    properties = book.find("{*}workbookPr")
    notes = {
        _FROM_1904: properties is not None and properties.get("date1904") in ("1", "true"),
        _MACROS: any(name.lower().endswith("vbaproject.bin") for name in parts),
        "it links to other workbooks: not followed, the values stored in this file are read":
            any(name.startswith("xl/externalLinks/") for name in parts),
    }  # fmt: skip
    styles = _styles(xml("xl/styles.xml")) if "xl/styles.xml" in parts else {}
    texts = _texts(parts.get("xl/sharedStrings.xml", b""))
    targets, sheets = links("xl/workbook.xml"), []
    for one in book.iterfind("{*}sheets/{*}sheet"):
        path = targets.get(next((value for key, value in one.attrib.items() if key.endswith("}id")), None), "")
        if path.startswith("xl/worksheets/") and path in parts:
            sheets.append(Sheet(one.get("name", "")))
            _look_at_cells(file, sheets[-1], parts[path], styles, texts)
            notes_of = [part for part in links(path).values() if part in parts and re.search(r"comments?\d*\.xml$", part)]
            comments = [cell.get("ref", "") for part in notes_of for cell in xml(part).iterfind(".//{*}comment")]
            _note(sheets[-1], comments=comments)
    return Workbook(file, "xlsx", sheets, [note for note, is_so in notes.items() if is_so])


def _look_at_cells(file: str, sheet: Sheet, xml: bytes, styles: dict[bytes, str], texts: dict[bytes, str]) -> None:
    if prefix := re.search(rb"<(\w+):worksheet[ >]", xml[:2000]):
        xml = xml.replace(b"<%s:" % prefix[1], b"<").replace(b"</%s:" % prefix[1], b"</")
    rows = [int(row) for row in re.findall(rb'<row [^>]*?\br="(\d+)"', xml)]
    wide = set(re.findall(rb' r="([A-Z]{2,3})[0-9]', xml))
    widest = max((column_number(letters.decode()) + 1 for letters in wide), default=26)
    _too_many_cells(file, sheet.name, max(rows, default=xml.count(b"<row")), widest)
    computed = []
    # Most sheets hold nothing of the kind, and their cells need not be gone through.
    if styles or texts or re.search(rb't="e"|<f[ />]|"superscript"|<strike', xml):
        for attributes, inner in re.findall(rb"<c ([^>]*[^>/])>(.*?)</c>", xml, re.DOTALL):
            given = dict(re.findall(rb'\b([rst])="([^"]*)"', attributes))
            cell, kind = given.get(b"r", b"").decode(), given.get(b"t")
            value = (re.search(rb"<v[^>]*>([^<]*)</v>", inner) or [b"", b""])[1].strip()
            if kind == b"e":
                _fault(file, sheet, cell, value.decode() or "an error")
            elif re.search(rb"<f[ />]", inner) and not value and kind != b"str":  # a formula may give an empty text
                _fault(file, sheet, cell, *_FORMULA)
            elif re.search(rb"<f[ />]", inner):
                computed.append(cell)
            text = texts.get(value) if kind == b"s" else _said(inner)
            if said := text or styles.get(given.get(b"s")):
                sheet.formats[cell] = said
    hidden = re.findall(rb'<row (?=[^>]*(?:\bhidden="(?:1|true)"| ht="0"))[^>]*?\br="(\d+)"', xml)
    spans = re.findall(rb'<col (?=[^>]*\bhidden="(?:1|true)")(?=[^>]*\bmin="(\d+)")[^>]*\bmax="(\d+)"', xml)
    # A hidden rest of the sheet, out to the last possible column, hides nothing of the table.
    columns = [column for first, last in spans if int(last) < _ALL_COLUMNS for column in range(int(first), int(last) + 1)]
    _note(sheet, list(map(int, hidden)), columns, computed=computed)


def _styles(styles: Element) -> dict[bytes, str]:
    """Give what the cell styles that mean something say, by their number."""
    codes = {one.get("numFmtId"): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    struck = {str(number) for number, font in enumerate(styles.iterfind("{*}fonts/{*}font"))
              if (line := font.find("{*}strike")) is not None and line.get("val") not in ("0", "false")}  # fmt: skip
    said = {}
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        code = codes.get(style.get("numFmtId"), "%" if style.get("numFmtId") in ("9", "10") else "")
        if meaning := "struck" if style.get("fontId") in struck else _meaning(code):
            said[str(number).encode()] = meaning
    return said


def _meaning(code: str) -> str:
    """Tell what a number format says beside the value."""
    code = re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower().replace(" ", "")
    if "%" in code or code == ";;;":
        return "percent" if "%" in code else "unshown"
    return "year" if "y" in code and not set("dmhs") & set(code) else ""


def _texts(strings: bytes) -> dict[bytes, str]:
    """Give the shared texts of which a part is raised or struck through, by their number."""
    texts = enumerate(re.findall(rb"<si\s*/>|<si\b.*?</si>", strings, re.DOTALL)) if _said(strings) else ()
    return {str(number).encode(): said for number, text in texts if (said := _said(text))}


def _said(text: bytes) -> str:
    """Tell what the format of a part of a text says."""
    if b'"superscript"' in text:
        return "raised"
    return "struck" if re.search(rb'<strike(?!\s+val="(?:0|false)")', text) else ""


def _look_at_ods(file: str, parts: dict[str, bytes]) -> Workbook:
    def said(element: Element, name: str) -> str:
        prefix, _, local = name.partition(":")
        return element.get(_NAMESPACES[prefix] + local, "")

    sheets, struck = [], set()
    row = widest = 0
    hidden: list[int] = []
    comments: list[str] = []
    try:
        for event, one in iterparse(io.BytesIO(parts["content.xml"]), ("start", "end"), forbid_dtd=True):
            kind = one.tag.partition("}")[2]
            if event == "start":
                if kind == "table":
                    sheets.append(Sheet(said(one, "table:name")))
                    row, widest, hidden, comments = 0, 0, [], []
            elif kind == "table":
                _note(sheets[-1], hidden, comments=comments)
            elif kind == "style":
                if any(value != "none" for part in one for key, value in part.items() if key.endswith("line-through-style")):
                    struck.add(said(one, "style:name"))
            elif kind == "table-row" and sheets:
                column = filled = 0
                for cell in one:
                    at, value = address(row, column), said(cell, "office:value-type")
                    column += int(said(cell, "table:number-columns-repeated") or 1)
                    filled = column if value else filled
                    if said(cell, "calcext:value-type") == "error":
                        _fault(file, sheets[-1], at, "an error")
                    elif said(cell, "table:formula") and not value:
                        _fault(file, sheets[-1], at, *_FORMULA)
                    if value and (value == "percentage" or said(cell, "table:style-name") in struck):
                        sheets[-1].formats[at] = "struck" if said(cell, "table:style-name") in struck else "percent"
                    comments += [at for part in cell if part.tag.endswith("}annotation")]
                repeated = int(said(one, "table:number-rows-repeated") or 1)
                if said(one, "table:visibility") in ("collapse", "filter"):
                    # The hidden rest of a sheet is one row repeated to the end.
                    hidden += range(row + 1, row + 1 + min(repeated, 1000))
                row, widest = row + repeated, max(widest, filled)
                _too_many_cells(file, sheets[-1].name, row if filled else 0, widest)
                one.clear()
    except (ParseError, DefusedXmlException) as error:
        raise _damaged(file, "content.xml") from error
    return Workbook(file, "ods", sheets, [_MACROS] if any(name.startswith("Basic/") for name in parts) else [])


def _look_at_xls(file: str, content: bytes) -> Workbook:
    def holds(name: str) -> bool:
        return name.encode("utf-16-le") in content

    if holds("EncryptedPackage"):
        raise unreadable(file, *_PASSWORD)
    if not (holds("Workbook") or holds("Book")):
        raise unreadable(file, "an Office file without a workbook, or a truncated one", SPREADSHEET)
    try:
        book = xlrd.open_workbook(file_contents=content, formatting_info=True, logfile=io.StringIO())
        sheets = [_look_at_sheet_of_xls(file, book, sheet) for sheet in book.sheets()]
    except _DAMAGED_XLS as error:
        raise unreadable(file, *(_PASSWORD if "encrypted" in str(error) else _TRUNCATED)) from error
    notes = {_FROM_1904: book.datemode, _MACROS: holds("_VBA_PROJECT_CUR")}
    return Workbook(file, "xls", sheets, [note for note, is_so in notes.items() if is_so])


def _look_at_sheet_of_xls(file: str, book: xlrd.book.Book, sheet: xlrd.sheet.Sheet) -> Sheet:
    if sheet.ncols > _ALL_COLUMNS_97:
        raise ValueError("a cell beyond the last column")
    seen = Sheet(sheet.name)
    for row in range(sheet.nrows):
        for column, cell in enumerate(sheet.row(row)):
            style = book.xf_list[cell.xf_index] if cell.xf_index is not None else None
            form = book.format_map.get(style.format_key) if style else None
            struck = style and book.font_list[style.font_index].struck_out
            if cell.ctype == xlrd.XL_CELL_ERROR:
                _fault(file, seen, address(row, column), xlrd.error_text_from_code.get(cell.value, "an error"))
            elif said := "struck" if struck else _meaning(form.format_str if form else ""):
                seen.formats[address(row, column)] = said
    rows = [row + 1 for row, info in sheet.rowinfo_map.items() if info.hidden or info.height == 0]
    columns = [column + 1 for column, info in sheet.colinfo_map.items() if info.hidden and column < _ALL_COLUMNS_97 - 1]
    _note(seen, rows, columns, comments=[address(*cell) for cell in sorted(sheet.cell_note_map)])
    return seen
