"""Drafts as passages: the paragraphs, items and table cells of a docx, pdf or txt, each with its reference."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ccmlib.figures.proof.words import PATTERNS

#: A line longer than this is no heading; one that ends in a colon has at most so many words.
LONGEST_HEADING, MOST_WORDS_BEFORE_COLON = 100, 5
#: A line of a pdf that ends a sentence and is shorter than this share of the longest ends its paragraph.
SHORT_LINE = 0.8
#: The heading of a table has at most so many rows.
ROWS_OF_HEADER = 2


class UnreadableDraft(ValueError):
    """The file is no draft that can be read."""


@dataclass
class Passage:
    """A paragraph, an item or a table cell.

    Attributes
    ----------
    ref : str
        ``para 12``, ``para 55(a)``, ``II Clearance (b)``, ``Table 3``; without numbers ``Heading, paragraph 2``.
    text : str
        Its words.
    heading : str
        The headings above it.
    lead : Passage or None
        The paragraph ending in a colon whose item it is.
    places : list
        Paragraphs of python-docx that hold the text, for comments.
    """

    ref: str
    text: str
    heading: str = ""
    lead: "Passage | None" = None
    places: list = None


@dataclass
class _Block:
    """A paragraph before it has its reference; `cells` for a row of a table, `label` for a number Word sets itself."""

    text: str
    label: str = ""
    cells: list | None = None
    heading: bool | None = None
    place: object = None
    bullet: bool = False


def read(path: Path | str) -> list[Passage]:
    """Read a draft.

    Parameters
    ----------
    path : Path
        A ``.docx``, ``.pdf`` (with a text layer) or ``.txt`` file.

    Returns
    -------
    list of Passage

    Raises
    ------
    UnreadableDraft
        Another kind of file, or no text in it.
    """
    path = Path(path)
    readers = {".docx": _from_docx, ".pdf": _from_pdf, ".txt": _from_txt}
    if path.suffix.lower() not in readers:
        raise UnreadableDraft(f"{path.name}: found {path.suffix or 'no suffix'}, expected .docx, .pdf or .txt")
    try:
        passages = list(_referred(_whole(readers[path.suffix.lower()](path))))
    except (KeyError, UnicodeDecodeError, ValueError) as error:
        raise UnreadableDraft(f"{path.name}: {error}") from error
    if not passages:
        raise UnreadableDraft(f"{path.name}: no text found (a scanned pdf has no text layer)")
    return passages


def _from_txt(path: Path) -> Iterator[_Block]:
    yield from _from_lines(path.read_text(encoding="utf-8-sig"))


def _from_pdf(path: Path) -> Iterator[_Block]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        lines = [line.strip() for page in PdfReader(path).pages for line in page.extract_text().splitlines()]
    except PyPdfError as error:
        raise UnreadableDraft(f"{path.name}: {error}") from error
    full = max(map(len, lines), default=0) * SHORT_LINE
    text = ""
    for line in lines:
        ends = len(line) < full and line.endswith((".", ":", ";", "?"))
        text += ("\n" if _labelled(line) or PATTERNS.table.match(line) else "") + line + ("\n\n" if ends else "\n")
    yield from _from_lines(text)


def _from_lines(text: str) -> Iterator[_Block]:
    """Take paragraphs apart at blank lines, labels, bullets and rows of tables."""
    for chunk in re.split(r"\n\s*\n", text):
        held = ""
        for line in filter(str.strip, chunk.splitlines()):
            row = "\t" in line or line.count("|") > 1
            if held and (row or _labelled(line) or PATTERNS.table.fullmatch(held) or held.startswith("#")):
                yield _block(held)
                held = ""
            if row:
                cells = [_clean(cell) for cell in re.split(r"[\t|]", line.strip(" |"))]
                yield _Block("", cells=[(cell, None) for cell in cells])
            else:
                held = f"{held} {line.strip()}".strip()
        if held:
            yield _block(held)


def _labelled(line: str) -> bool:
    line = line.strip()
    return bool(PATTERNS.bullet.match(line) or any(p.match(line) for p in (PATTERNS.numbered, PATTERNS.item, PATTERNS.named, PATTERNS.part)))


def _block(text: str) -> _Block:
    heading = True if text.startswith("#") else None
    bullet = bool(PATTERNS.bullet.match(text))
    return _Block(_clean(PATTERNS.bullet.sub("", text, count=1) if bullet else text), heading=heading, bullet=bullet)


def _clean(text: str) -> str:
    return " ".join(PATTERNS.marks.sub("", text).split())


def _from_docx(path: Path) -> Iterator[_Block]:
    import docx
    from docx.opc.exceptions import PackageNotFoundError

    try:
        document = docx.Document(path)
    except PackageNotFoundError as error:
        raise UnreadableDraft(f"{path.name}: no Word document") from error
    numbers = Counter()
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = dict.fromkeys(row.cells)
                yield _Block("", cells=[(_clean(cell.text), cell.paragraphs[0]) for cell in cells])
            continue
        style = block.style.name
        label, bullet = _word_number(document, block, numbers)
        heading = True if style.startswith(("Heading", "Title", "Subtitle")) else None
        yield _Block(_clean(block.text), label, heading=heading, place=block, bullet=bullet)


def _word_number(document, paragraph, numbers: Counter) -> tuple[str, bool]:
    """Give the label that Word sets before a paragraph by itself, and whether that is a bullet."""
    from docx.oxml.ns import qn

    properties = [p.pPr for p in (paragraph._p, paragraph.style.element) if p.pPr is not None]
    numbering = [p.numPr for p in properties if p.numPr is not None and p.numPr.numId is not None]
    if not numbering or not numbering[0].numId.val:
        return "", False
    key = numbering[0].numId.val
    level = next((n.ilvl.val for n in numbering if n.ilvl is not None), 0)
    root = document.part.numbering_part.element
    abstract = root.xpath(f"./w:num[@w:numId='{key}']/w:abstractNumId/@w:val")[0]
    found = root.xpath(f"./w:abstractNum[@w:abstractNumId='{abstract}']/w:lvl[@w:ilvl='{level}']/w:numFmt")
    form = found[0].get(qn("w:val")) if found else "bullet"
    numbers[key, level] += 1
    for deeper in [k for k in numbers if k[0] == key and k[1] > level]:
        del numbers[deeper]
    if form == "lowerLetter":
        return f"({chr(96 + numbers[key, level])})", False
    return (f"{numbers[key, level]}.", False) if form == "decimal" else ("", True)


def _whole(blocks: Iterator[_Block]) -> Iterator[_Block]:
    """Join a paragraph that a page break cut in two: its second half begins with a small letter."""
    held = None
    for block in filter(lambda block: block.text or block.cells, blocks):
        cut = held and not (held.cells or held.heading or block.cells or block.label or block.bullet)
        if cut and block.text[0].islower() and not held.text.endswith((".", ";", ":")):
            held.text += f" {block.text}"
            continue
        if held:
            yield held
        held = block
    if held:
        yield held


def _referred(blocks: Iterator[_Block]) -> Iterator[Passage]:
    """Give each block its reference and its headings."""
    part = heading = number = table = ""
    place = tables = 0
    lead = None
    columns: dict[int, Passage] = {}
    header: list[set[str]] = []
    above = ("", "")  # number and heading of the items before
    for block in blocks:
        if block.cells:
            tables += not table
            table = table or f"Table {tables}"
            yield from _cells(block.cells, table, f"{part} {heading}", columns, header)
            continue
        text = f"{block.label} {block.text}".strip()
        if caption := PATTERNS.table.match(text):
            table, columns, header = caption[1], {}, []
            if len(text) < LONGEST_HEADING:
                continue
        if columns:
            table, columns, header = "", {}, []
        if block.heading or (block.heading is None and not block.bullet and _is_heading(text)):
            named = PATTERNS.part.match(text)
            part = named[1] if named and re.fullmatch("[IVX]+", named[1]) else part
            heading, number, place, lead = _unlabelled(text).rstrip(":"), "", 0, None
            yield Passage(f"{part} {heading}".strip(), heading, "", None, [block.place])
            continue
        item, numbered = PATTERNS.item.match(text), PATTERNS.numbered.match(text) or PATTERNS.named.match(text)
        if item:
            if item[1] != "a" and not number and above[1] != heading:  # furniture of a page stands between
                number, heading = above
            above = number, heading
            ref = f"{number}({item[1]})" if number else f"{part} {heading} ({item[1]})".strip()
        elif numbered:
            ref = number = f"para {numbered[1]}" if numbered[1][0].isdigit() else numbered[1]
        elif number:
            ref = number
        else:
            place += 1
            ref = f"{heading}, paragraph {place}" if heading else f"paragraph {place}"
        passage = Passage(ref, _unlabelled(text), heading, lead if item or block.bullet else None, [block.place])
        if not (item or block.bullet):
            lead = passage if passage.text.endswith(":") else None
        yield passage


def _is_heading(text: str) -> bool:
    if len(text) > LONGEST_HEADING and not PATTERNS.numbered.match(text):
        return False
    if text.endswith(":"):
        return len(text.split()) <= MOST_WORDS_BEFORE_COLON
    return not text.endswith((".", ";", ",")) and not PATTERNS.item.match(text) and not PATTERNS.named.match(text)


def _unlabelled(text: str) -> str:
    for pattern in (PATTERNS.numbered, PATTERNS.item, PATTERNS.named, PATTERNS.part):
        if found := pattern.match(text):
            return text[found.end() :]
    return text


def _cells(cells: list[tuple], table: str, heading: str, columns: dict, header: list[set]) -> Iterator[Passage]:
    """Give each cell as a passage; a bare number is told with the name of its row and the list beside it."""
    name = cells[0][0]
    repeated = set().union(*header)
    if len(header) < ROWS_OF_HEADER:
        header.append({text for text, _ in cells if not re.search(r"\d", text)})
    bare = next((column for column, (text, _) in enumerate(cells) if column and re.fullmatch(r"\d[\d,.]*", text)), None)
    if bare is not None:
        beside = "; ".join(text for text, _ in cells[bare + 1 :] if text and not text[0].isdigit())
        yield Passage(table, f"{cells[bare][0]} {name}" + f": {beside}" * bool(beside), heading.strip(), None, [cells[bare][1]])
        return
    for column, (text, place) in enumerate(cells):
        if not text or text in repeated:  # on the next page
            continue
        if text[0].islower() and column in columns:
            columns[column].text += f" {text}"
            columns[column].places.append(place)
            continue
        columns[column] = Passage(table, text, heading.strip(), None, [place])
        yield columns[column]
