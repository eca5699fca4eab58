"""What calamine does not tell of a workbook that is a zip archive (xlsx, ods): sizes, faults, hidden parts.

Everything is checked from the archive's directory and its XML before the workbook is opened, so that a file made to
exhaust memory is refused and a cell that seems to hold a value and does not is named.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree

from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest.addresses import column_number, ranges

#: Most bytes that a workbook may unpack to.
MOST_UNPACKED = 600_000_000
#: Most files in the archive.
MOST_ENTRIES = 10_000
#: A column number in the XML is read only where rows times all columns would be too many.
_ALL_COLUMNS = 16_384

ERROR_EXPECTED = "a value, not an error"
FORMULA_FOUND = "a formula that was never calculated"
FORMULA_EXPECTED = "a value"
AGAIN = "export or download it again"
FORMULA_HINT = "open the file in the spreadsheet program, let it calculate, and save it"

_PERCENT_FORMATS = {"9", "10"}


@dataclass
class Part:
    """What was seen in the XML of one sheet.

    Attributes
    ----------
    faults : list of tuple
        Cell, what is found, what is expected, what to do.
    percent : frozenset of str
        Addresses of numbers shown as percentages.
    notes : list of str
        Hidden rows and columns.
    """

    faults: list[tuple[str, str, str, str]] = field(default_factory=list)
    percent: frozenset[str] = frozenset()
    notes: list[str] = field(default_factory=list)


@dataclass
class Parts:
    """What was seen in a whole file: by sheet, and of the workbook."""

    sheets: dict[str, Part] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def kind(file: str, content: bytes) -> str:
    """Tell whether a zip archive is an ``xlsx`` or ``ods`` workbook.

    Raises
    ------
    ProblemsFound
        It is neither, it is damaged, or it unpacks to too much.
    """
    names = set(_open(file, content).namelist())
    if "xl/workbook.xml" in names:
        return "xlsx"
    if "mimetype" in names and "content.xml" in names:
        media_type = _read(file, _open(file, content), "mimetype")
        if media_type.startswith(b"application/vnd.oasis.opendocument.spreadsheet"):
            return "ods"
    if "xl/workbook.bin" in names:
        raise _stop(file, "a binary Excel workbook (xlsb)", "an xlsx workbook", "save it as xlsx")
    raise _stop(file, "a zip archive that is no spreadsheet", "a spreadsheet (xlsx, xls, ods) or a text file (csv)")


def look(file: str, content: bytes, of_kind: str, most_cells: int) -> Parts:
    """Look for what makes a workbook unreadable, dangerous or less than it seems.

    Parameters
    ----------
    file : str
        Name of the file, for messages.
    content : bytes
        The file.
    of_kind : str
        ``xlsx`` or ``ods``.
    most_cells : int
        Most cells that a sheet may span.

    Raises
    ------
    ProblemsFound
        Damaged, encrypted or too large.
    """
    archive = _open(file, content)
    if of_kind == "ods":
        from ccmlib.ingest import opendocument

        return opendocument.look(file, _read(file, archive, "content.xml"), archive.namelist(), most_cells)
    parts = Parts()
    workbook = _xml(file, archive, "xl/workbook.xml")
    properties = workbook.find("{*}workbookPr")
    if properties is not None and properties.get("date1904") in ("1", "true"):
        parts.notes.append("dates count from 1904 in this workbook; they are read so")
    names = archive.namelist()
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        parts.notes.append("it holds macros: ignored")
    if any(name.startswith("xl/externalLinks/") for name in names):
        parts.notes.append("it links to other workbooks: not followed, the values stored in this file are read")
    if "xl/connections.xml" in names:
        parts.notes.append("it holds data connections: not followed")
    styles = _percent_styles(_xml(file, archive, "xl/styles.xml")) if "xl/styles.xml" in names else set()
    if "xl/sharedStrings.xml" in names:
        _read(file, archive, "xl/sharedStrings.xml")
    targets = {}
    if "xl/_rels/workbook.xml.rels" in names:
        for link in _xml(file, archive, "xl/_rels/workbook.xml.rels"):
            target = link.get("Target", "")
            targets[link.get("Id")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
            # Without its styles a workbook opens, and its dates are numbers.
            if link.get("TargetMode") != "External" and targets[link.get("Id")] not in names:
                raise _stop(file, f"no part {target}", "a workbook saved by a spreadsheet program", AGAIN)
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        path = targets.get(link, "")
        if path.startswith("xl/worksheets/"):
            name = sheet.get("name", "")
            parts.sheets[name] = _look_at_sheet(file, name, _read(file, archive, path), styles, most_cells)
    return parts


def _look_at_sheet(file: str, name: str, xml: bytes, percent_styles: set[str], most_cells: int) -> Part:
    if prefix := re.search(rb"<(\w+):worksheet[ >]", xml[:2000]):
        xml = xml.replace(b"<%s:" % prefix[1], b"<").replace(b"</%s:" % prefix[1], b"</")
    rows, columns = _extent(xml)
    if rows * columns > most_cells:
        raise _stop(
            file,
            f"cells down to row {rows:,} and out to column {columns:,}",
            f"at most {most_cells:,} cells",
            "delete the empty rows and columns after the table",
            sheet=name,
        )
    part = Part()
    if b't="e"' in xml:
        for attributes, inner in re.findall(rb'<c ([^>]*\bt="e"[^>]*)>(.*?)</c>', xml, re.DOTALL):
            value = re.search(rb"<v>([^<]*)</v>", inner)
            part.faults.append(
                (_cell(attributes), value[1].decode() if value and value[1] else "an error", ERROR_EXPECTED, "")
            )
    if re.search(rb"<f[ />]", xml):
        part.faults.extend(_never_calculated(xml))
    if b'hidden="1"' in xml or b'hidden="true"' in xml:
        part.notes.extend(_hidden(xml))
    if percent_styles:
        styled = re.compile(rb'<c ([^>]*\bs="(?:%s)"[^>]*)>' % "|".join(sorted(percent_styles)).encode())
        part.percent = frozenset(_cell(attributes) for attributes in styled.findall(xml))
    return part


def _extent(xml: bytes) -> tuple[int, int]:
    """Give the last row, and the last column where the rows are so many that it matters."""
    last = xml.rfind(b"<row ")
    number = re.search(rb'\br="(\d+)"', xml[last : last + 200]) if last >= 0 else None
    rows = int(number[1]) if number else xml.count(b"<row")
    if rows * _ALL_COLUMNS < 2_000_000:
        return rows, _ALL_COLUMNS if rows == 0 else 1
    wide = set(re.findall(rb' r="([A-Z]{2,3})[0-9]', xml))
    return rows, max((column_number(letters.decode()) + 1 for letters in wide), default=26)


def _never_calculated(xml: bytes) -> Iterator[tuple[str, str, str, str]]:
    formula = re.compile(
        rb"<c ([^>]*)>\s*(?:<f[^>]*/>|<f(?:\s[^>]*)?>[^<]*</f>)\s*(?:<v[^>]*>([^<]*)</v>|<v\s*/>)?\s*(?:<|$)"
    )
    for attributes, value in formula.findall(xml):
        # A formula may give an empty text: then the cell is marked as text.
        if not value.strip() and b't="str"' not in attributes and b't="e"' not in attributes:
            yield _cell(attributes), FORMULA_FOUND, FORMULA_EXPECTED, FORMULA_HINT


def _hidden(xml: bytes) -> Iterator[str]:
    rows = [re.search(rb'\br="(\d+)"', row) for row in re.findall(rb'<row [^>]*\bhidden="(?:1|true)"[^>]*>', xml)]
    if numbers := [int(row[1]) for row in rows if row]:
        yield f"hidden: {ranges('row', numbers)}; read like the others"
    columns: list[int] = []
    for column in re.findall(rb'<col [^>]*\bhidden="(?:1|true)"[^>]*>', xml):
        first, last = (re.search(rb'\b%s="(\d+)"' % side, column) for side in (b"min", b"max"))
        # A hidden rest of the sheet, out to the last possible column, hides nothing of the table.
        if first and last and int(last[1]) < _ALL_COLUMNS:
            columns.extend(range(int(first[1]), int(last[1]) + 1))
    if columns:
        yield f"hidden: {ranges('column', columns)}; read like the others"


def _percent_styles(styles: ElementTree.Element) -> set[str]:
    """Give the numbers of the cell styles that show a percentage."""
    formats = set(_PERCENT_FORMATS)
    for number_format in styles.iterfind("{*}numFmts/{*}numFmt"):
        if "%" in re.sub(r'"[^"]*"|\\.', "", number_format.get("formatCode", "")):
            formats.add(number_format.get("numFmtId", ""))
    used = styles.iterfind("{*}cellXfs/{*}xf")
    return {str(number) for number, style in enumerate(used) if style.get("numFmtId") in formats}


def _cell(attributes: bytes) -> str:
    found = re.search(rb'\br="([A-Z]+\d+)"', attributes)
    return found[1].decode() if found else ""


def _open(file: str, content: bytes) -> zipfile.ZipFile:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, EOFError, NotImplementedError) as error:
        raise _stop(
            file, "a truncated or damaged workbook", "a whole workbook", AGAIN
        ) from error
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > MOST_UNPACKED or len(entries) > MOST_ENTRIES:
        raise _stop(
            file,
            f"{len(entries):,} parts that unpack to {unpacked:,} bytes",
            f"at most {MOST_ENTRIES:,} parts and {MOST_UNPACKED:,} bytes",
        )
    if len({entry.filename for entry in entries}) < len(entries):
        raise _stop(file, "an archive that holds two parts of one name", "a workbook saved by a spreadsheet program")
    if any(entry.flag_bits & 1 for entry in entries):
        raise _stop(file, "an encrypted workbook", "a workbook without a password", "save it without a password")
    return archive


def _read(file: str, archive: zipfile.ZipFile, name: str) -> bytes:
    try:
        content = archive.read(name)
    except (
        zipfile.BadZipFile,
        zipfile.zlib.error,
        KeyError,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        raise _stop(
            file, f"a damaged part {name}", "a workbook saved by a spreadsheet program", AGAIN
        ) from error
    if b"<!DOCTYPE" in content[:4096] or b"<!ENTITY" in content[:4096]:
        raise _stop(file, f"a document type declaration in {name}", "a workbook saved by a spreadsheet program")
    return content


def _xml(file: str, archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    try:
        return ElementTree.fromstring(_read(file, archive, name))
    except ElementTree.ParseError as error:
        raise _stop(file, f"a damaged part {name}", "a workbook saved by a spreadsheet program") from error


def _stop(file: str, found: str, expected: str, suggestion: str = "", sheet: str = "") -> ProblemsFound:
    problems = Problems()
    problems.add(file, sheet, found=found, expected=expected, suggestion=suggestion)
    return ProblemsFound(problems)
