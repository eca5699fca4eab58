"""What calamine does not tell of an xlsx workbook: sizes, faults, hidden parts, and formats that mean something."""

import re
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from ccmlib.base.problems import unreadable
from ccmlib.ingest.addresses import column_number
from ccmlib.ingest.packed import AGAIN, FORMULA, FROM_1904, MACROS, NO_ERROR, WHOLE, Part, Parts, cells_named, opened, part

#: A column number in the XML is read only where rows times all columns would be too many.
_ALL_COLUMNS = 16_384
_PERCENT_FORMATS = {"9", "10"}


def look(file: str, content: bytes, most_cells: int) -> Parts:
    """Look for what makes a workbook unreadable, dangerous or less than it seems; a damaged or too large one is refused."""
    archive = opened(file, content)
    parts, names = Parts(), archive.namelist()

    def xml(name: str) -> Element:
        try:
            return fromstring(part(file, archive, name), forbid_dtd=True)
        except (ParseError, DefusedXmlException) as error:
            raise unreadable(file, f"a damaged part {name}", WHOLE) from error

    workbook = xml("xl/workbook.xml")
    properties = workbook.find("{*}workbookPr")
    of_workbook = (
        (FROM_1904, properties is not None and properties.get("date1904") in ("1", "true")),
        (MACROS, any(name.lower().endswith("vbaproject.bin") for name in names)),
        ("it links to other workbooks: not followed, the values stored in this file are read",
         any(name.startswith("xl/externalLinks/") for name in names)),
        ("it holds data connections: not followed", "xl/connections.xml" in names),
    )  # fmt: skip
    parts.notes = [note for note, is_so in of_workbook if is_so]
    styles = _styles(xml("xl/styles.xml")) if "xl/styles.xml" in names else {}
    texts = _texts(part(file, archive, "xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else {}
    targets = {}
    for link in xml("xl/_rels/workbook.xml.rels") if "xl/_rels/workbook.xml.rels" in names else ():
        target = _target(link, "xl")
        # Without its styles a workbook opens, and its dates are numbers.
        if link.get("TargetMode") != "External" and target not in names:
            raise unreadable(file, f"no part {link.get('Target', '')}", WHOLE, AGAIN)
        targets[link.get("Id")] = target
    for sheet in workbook.iterfind("{*}sheets/{*}sheet"):
        link = next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)
        path = targets.get(link, "")
        if path.startswith("xl/worksheets/"):
            name = sheet.get("name", "")
            seen = parts.sheets[name] = _look_at_sheet(file, name, part(file, archive, path), styles, texts, most_cells)
            links = path.replace("worksheets/", "worksheets/_rels/") + ".rels"
            for link in xml(links) if links in names else ():
                comments = _target(link, "xl/worksheets")
                if link.get("Type", "").endswith("/comments") and comments in names:
                    seen.note(comments=[one.get("ref", "") for one in xml(comments).iterfind(".//{*}comment")])
    return parts


def _target(link: Element, folder: str) -> str:
    """Give the path of a linked part in the archive."""
    target = link.get("Target", "")
    while target.startswith("../"):
        target, folder = target[3:], folder.rpartition("/")[0]
    return target.lstrip("/") if target.startswith("/") else f"{folder}/{target}"


def _look_at_sheet(file: str, name: str, xml: bytes, styles: dict[str, str], texts: dict[str, str], most_cells: int) -> Part:
    if prefix := re.search(rb"<(\w+):worksheet[ >]", xml[:2000]):
        xml = xml.replace(b"<%s:" % prefix[1], b"<").replace(b"</%s:" % prefix[1], b"</")
    rows, columns = _extent(xml)
    if rows * columns > most_cells:
        found = f"cells down to row {rows:,} and out to column {columns:,}"
        hint = "delete the empty rows and columns after the table"
        raise unreadable(file, found, f"at most {most_cells:,} cells", hint, sheet=name)
    seen = Part()
    if b't="e"' in xml:
        for attributes, inner in re.findall(rb'<c ([^>]*\bt="e"[^>]*)>(.*?)</c>', xml, re.DOTALL):
            value = re.search(rb"<v>([^<]*)</v>", inner)
            error = value[1].decode() if value and value[1] else "an error"
            seen.faults.append((_cell(attributes), error, NO_ERROR, ""))
    if re.search(rb"<f[ />]", xml):
        _look_at_formulas(xml, seen)
    if re.search(rb'hidden="(?:1|true)"| ht="0"', xml):
        seen.note(*_hidden(xml))
    if styles:
        styled = re.compile(rb'<c ([^>]*\bs="(%s)"[^>]*)>' % "|".join(sorted(styles)).encode())
        seen.formats = {_cell(attributes): styles[style.decode()] for attributes, style in styled.findall(xml)}
    if texts:
        told = re.compile(rb'<c ([^>]*\bt="s"[^>]*)>\s*<v>(%s)</v>' % "|".join(texts).encode())
        seen.formats |= {_cell(attributes): texts[text.decode()] for attributes, text in told.findall(xml)}
    if b't="inlineStr"' in xml and (b'"superscript"' in xml or b"<strike" in xml):
        inline = re.findall(rb'<c ([^>]*\bt="inlineStr"[^>]*)>(.*?)</c>', xml, re.DOTALL)
        seen.formats |= {_cell(attributes): said for attributes, text in inline if (said := _said(text))}
    return seen


def _extent(xml: bytes) -> tuple[int, int]:
    """Give the last row, and the last column where the rows are so many that it matters."""
    last = xml.rfind(b"<row ")
    number = re.search(rb'\br="(\d+)"', xml[last : last + 200]) if last >= 0 else None
    rows = int(number[1]) if number else xml.count(b"<row")
    if rows * _ALL_COLUMNS < 2_000_000:
        return rows, _ALL_COLUMNS if rows == 0 else 1
    wide = set(re.findall(rb' r="([A-Z]{2,3})[0-9]', xml))
    return rows, max((column_number(letters.decode()) + 1 for letters in wide), default=26)


def _look_at_formulas(xml: bytes, seen: Part) -> None:
    """Find formulas that hold no value, and note those whose stored value is read."""
    formula = re.compile(rb"<c ([^>]*)>\s*(?:<f[^>]*/>|<f(?:\s[^>]*)?>[^<]*</f>)\s*(?:<v[^>]*>([^<]*)</v>|<v\s*/>)?\s*(?:<|$)")
    computed = []
    for attributes, value in formula.findall(xml):
        # A formula may give an empty text: then the cell is marked as text.
        if not value.strip() and b't="str"' not in attributes and b't="e"' not in attributes:
            seen.faults.append((_cell(attributes), *FORMULA))
        else:
            computed.append(_cell(attributes))
    if computed:
        seen.notes.append(f"computed cells, read as the file stores them: {cells_named(computed)}")


def _hidden(xml: bytes) -> tuple[list[int], list[int]]:
    """Give the numbers of rows and columns that are not shown."""
    found = re.findall(rb'<row [^>]*(?:\bhidden="(?:1|true)"| ht="0")[^>]*>', xml)
    rows = [int(row[1]) for tag in found if (row := re.search(rb'\br="(\d+)"', tag))]
    columns: list[int] = []
    for column in re.findall(rb'<col [^>]*\bhidden="(?:1|true)"[^>]*>', xml):
        first, last = (re.search(rb'\b%s="(\d+)"' % side, column) for side in (b"min", b"max"))
        # A hidden rest of the sheet, out to the last possible column, hides nothing of the table.
        if first and last and int(last[1]) < _ALL_COLUMNS:
            columns.extend(range(int(first[1]), int(last[1]) + 1))
    return rows, columns


def _styles(styles: Element) -> dict[str, str]:
    """Give what the cell styles that mean something say, by their number."""
    codes = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iterfind("{*}numFmts/{*}numFmt")}
    plain = {key: re.sub(r'"[^"]*"|\\.|\[[^\]]*\]', "", code).lower() for key, code in codes.items()}
    struck = {str(number) for number, font in enumerate(styles.iterfind("{*}fonts/{*}font"))
              if (line := font.find("{*}strike")) is not None and line.get("val") not in ("0", "false")}  # fmt: skip
    said = {}
    for number, style in enumerate(styles.iterfind("{*}cellXfs/{*}xf")):
        key = style.get("numFmtId", "")
        code = plain.get(key, "")
        if key in _PERCENT_FORMATS or "%" in code:
            said[str(number)] = "percent"
        elif code.replace(" ", "") == ";;;":
            said[str(number)] = "unshown"
        elif "y" in code and not set("dmhs") & set(code):
            said[str(number)] = "year"
        if style.get("fontId") in struck:
            said[str(number)] = "struck"
    return said


def _texts(strings: bytes) -> dict[str, str]:
    """Give the shared texts of which a part is raised or struck through, by their number."""
    if b"superscript" not in strings and b"<strike" not in strings:
        return {}
    texts = enumerate(re.findall(rb"<si\s*/>|<si\b.*?</si>", strings, re.DOTALL))
    return {str(number): said for number, text in texts if (said := _said(text))}


def _said(text: bytes) -> str:
    """Tell what the format of a part of a text says."""
    if b'"superscript"' in text:
        return "raised"
    return "struck" if re.search(rb'<strike(?!\s+val="(?:0|false)")', text) else ""


def _cell(attributes: bytes) -> str:
    found = re.search(rb'\br="([A-Z]+\d+)"', attributes)
    return found[1].decode() if found else ""
