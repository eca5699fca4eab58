"""Tables in web pages, often saved under the name of a workbook, and in the depositary's XML; read leniently."""

import html
import re

from ccmlib.base.problems import unreadable

#: Largest page; a status table has 40,000 bytes.
MOST_BYTES = 20_000_000
#: A row of a table has at least so many cells; what has fewer arranges the page or holds notes.
_LEAST_CELLS = 3
_ROWS, _CELLS, _TABLES = ["tr", "row", "note"], ["td", "th", "entry", "index", "text"], ["table", "participants"]
_BLOCKS = ["p", "div", "h1", "h2", "h3", "h4", "li", "br", "td", "titlesect", "signatories", "parties"]
#: Signs that no page holds, after control characters are taken out: between cells, around a span, for the end of a table.
_NEXT, _SPAN, _END = "\x1f", "\x1e", "\x1d"
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta|body|document)", re.IGNORECASE)


def is_page(content: bytes) -> bool:
    """Tell whether a file begins as a web page or XML file does."""
    return bool(_START.match(content[:2000]))


def read(file: str, content: bytes) -> tuple[list[list], list[tuple[int, int, int, int]]]:
    """Read a page (perhaps not well-formed) as rows of cells, each text outside tables in a row of its own.

    Gives the merged cells besides; a row is empty where a table ends.
    """
    from bs4 import BeautifulSoup

    if len(content) > MOST_BYTES:
        raise unreadable(file, f"a web page of {len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", _text(content))
    soup = BeautifulSoup(re.sub(r"^\s*<\?xml[^>]*>", "", text), "html.parser")
    for hidden in soup(["script", "style", "head"]):
        hidden.decompose()
    if soup.find("participants"):  # declarations and objections are no part of the table
        parts = soup(["titlesect", "signatories", "parties", "participants", "note"])
        soup = BeautifulSoup("".join(map(str, parts)), "html.parser")
    for total in soup(["signatories", "parties"]):  # of the XML, which the page has in words
        total.insert(0, f"{total.name.capitalize()}: ")
    for table in soup(_TABLES):
        table.insert_after(f"\n{_END}\n")
    for row in [row for row in soup(_ROWS) if not row.find(_ROWS)]:
        row.replace_with(f"\n{''.join(map(_cell, row(_CELLS, recursive=False)))}\n")
    for block in soup(_BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    rows, merged = [], []
    for line in soup.get_text().split("\n"):
        if not line.strip() and _END not in line:
            continue
        cells = []
        for text in line.strip(_END).removesuffix(_NEXT).split(_NEXT):
            _, span, text = text.split(_SPAN) if _SPAN in text else ("", "1 1", text)
            across, down = map(int, span.split())
            if across * down > 1:
                merged.append((len(rows), len(cells), len(rows) + down - 1, len(cells) + across - 1))
            cells += [" ".join(text.split()), *[""] * (across - 1)]
        rows.append(cells)
    if not any(len(row) >= _LEAST_CELLS for row in rows):
        found, hint = "a web page or XML file without a table that can be read", "save it as xlsx in the spreadsheet program"
        raise unreadable(file, found, "a page with the table, or the depositary's XML", hint)
    return rows, merged


def _text(content: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as Windows-1252, which pages that say Latin-1 mean."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _cell(cell) -> str:
    """Write a cell with its span, also one whose marks are escaped; a raised footnote number is no part of it."""
    inner = html.unescape(cell.decode_contents())
    inner = re.sub(r"<(su(?:perscript|p))\b[^>]*>.*?</\1>", "", inner, flags=re.DOTALL | re.IGNORECASE)
    text = " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inner)).split())
    across, down = (min(int(span), 100) if span.isdigit() and int(span) else 1
                    for span in (cell.get("colspan", ""), cell.get("rowspan", "")))  # fmt: skip
    return f"{_SPAN}{across} {down}{_SPAN}{text}{_NEXT}"
