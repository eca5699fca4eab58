"""Tables in web pages, often saved under the name of a workbook, and in the depositary's XML; read leniently."""

import html
import re

from ccmlib.base.problems import unreadable

#: Largest page; a status table has 40,000 bytes.
MOST_BYTES = 20_000_000
#: Rows with at least so many cells make a table; what has fewer arranges the page or holds notes.
_LEAST_CELLS = 3
_BLOCKS = ["p", "div", "h1", "h2", "h3", "h4", "li", "tr", "br"]
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
_START = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype|html|table|\?xml|head|meta|body|document)", re.IGNORECASE)


def is_page(content: bytes) -> bool:
    """Tell whether a file begins as a web page or XML file does."""
    return bool(_START.match(content[:2000]))


def read(file: str, content: bytes) -> tuple[list[list], list[tuple[int, int, int, int]]]:
    """Read the largest table of a page (perhaps not well-formed), with each text before and after it in a row of its own."""
    from bs4 import BeautifulSoup

    if len(content) > MOST_BYTES:
        raise unreadable(file, f"a web page of {len(content):,} bytes", f"at most {MOST_BYTES:,} bytes")
    soup = BeautifulSoup(re.sub(r"^\s*<\?xml[^>]*>", "", _CONTROLS.sub(" ", _text(content))), "html.parser")
    for hidden in soup(["script", "style", "head"]):
        hidden.decompose()
    rows, merged = (_of_xml(soup), []) if soup.find("participants") else _of_page(soup)
    if not rows:
        raise unreadable(
            file, "a web page or XML file without a table that can be read",
            "a spreadsheet (xlsx, xls, ods), a text file (csv), a web page with the table, or the depositary's XML",
            "open it in the spreadsheet program and save it as xlsx",
        )  # fmt: skip
    return rows, merged


def _text(content: bytes) -> str:
    """Decode by the byte order mark, else as UTF-8, else as Windows-1252, which pages that say Latin-1 mean."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", "replace")


def _of_xml(soup) -> list[list]:
    """Set the XML out as its page is: header, totals, table, end notes."""
    status = {name: node.get_text(strip=True) for name in ("signatories", "parties") if (node := soup.find(name))}
    title = soup.find("titlesect")
    rows = [[title.get_text(strip=True)] if title else []]
    rows += [[f"{name.capitalize()}: {number}"] for name, number in status.items()]
    cells = soup.find("participants").find_all("row")
    rows += [[_cell(str(entry.decode_contents())) for entry in row.find_all("entry")] for row in cells]
    for note in soup.find_all("note"):
        texts = [_cell(part.decode_contents()) for part in note.find_all("text")]
        number = note.find("index")
        rows.append([" ".join(filter(None, [f"{number.get_text(strip=True)}." if number else "", *texts]))])
    table = 1 + len(status) + len(cells)
    return [*rows[:table], [], *rows[table:]] if cells else []


def _of_page(soup) -> tuple[list[list], list[tuple[int, int, int, int]]]:
    tables = [(table, [row for row in table.find_all("tr") if row.find_parent("table") is table])
              for table in soup.find_all("table")]  # fmt: skip
    wide = [sum(len(_cells(row)) >= _LEAST_CELLS for row in rows) for _, rows in tables]
    if not max(wide, default=0):
        return [], []
    table, rows = tables[wide.index(max(wide))]
    before, after = _around(table)
    body, merged = _spread(rows, len(before))
    return [*([text] for text in before), *body, [], *([text] for text in after)], merged


def _cells(row) -> list:
    return row.find_all(["td", "th"], recursive=False)


def _spread(rows: list, first: int) -> tuple[list[list], list[tuple[int, int, int, int]]]:
    """Put each cell into its column, past those that reach down from above; name the cells that are merged."""
    body: list[list] = [[] for _ in rows]
    merged, taken = [], set()
    for at, row in enumerate(rows):
        for cell in _cells(row):
            spans = (cell.get(name, "") for name in ("colspan", "rowspan"))
            across, down = (int(span) if span.isdigit() else 1 for span in spans)
            across, down = min(max(across, 1), 100), min(max(down, 1), len(rows) - at)
            while (at, len(body[at])) in taken:
                body[at].append("")
            column = len(body[at])
            body[at] += [_cell(cell.decode_contents()), *[""] * (across - 1)]
            if across * down > 1:
                taken |= {(at + below, column + beside) for below in range(1, down) for beside in range(across)}
                merged.append((first + at, column, first + at + down - 1, column + across - 1))
    return body, merged


def _around(table) -> tuple[list[str], list[str]]:
    """Give the texts before and after a table, a row or paragraph of the page in one."""
    mark = "\x01"
    table.insert_before(mark)
    page = table.find_parents()[-1]
    table.extract()
    for block in page.find_all(_BLOCKS):
        block.insert_before("\n")
        block.append("\n")
    for cell in page.find_all(["td", "th"]):
        cell.append(" ")
    before, _, after = page.get_text().partition(mark)
    return tuple([" ".join(line.split()) for line in text.split("\n") if line.strip()] for text in (before, after))


def _cell(inner: str) -> str:
    """Give the text of a cell, also of one whose marks are escaped; a raised footnote number is no part of it."""
    inner = html.unescape(inner)
    inner = re.sub(r"<(su(?:perscript|p))\b[^>]*>.*?</\1>", "", inner, flags=re.DOTALL | re.IGNORECASE)
    return " ".join(html.unescape(re.sub(r"<[^>]*>", " ", inner)).split())
