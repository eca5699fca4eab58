"""Drafts as passages: the paragraphs, items and table cells of a docx, pdf or txt, each with its reference."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

from ccmlib.figures.proof.words import PATTERNS

#: A line longer than this is no heading; one that ends in a colon has at most so many words.
LONGEST_HEADING, MOST_WORDS_BEFORE_COLON = 100, 5
#: A line of a pdf that ends a sentence and is shorter than this share of the longest ends its paragraph.
SHORT_LINE = 0.8
#: The heading of a table has at most so many rows.
ROWS_OF_HEADER = 2
_LABELS = (PATTERNS.numbered, PATTERNS.item, PATTERNS.named, PATTERNS.part)
_BARE = re.compile(r"\d[\d,.]*")
#: A paragraph with "# " before a heading, "- " before a bullet and tabs between the cells of a row; and its places.
Block = tuple[str, list]


class UnreadableDraft(ValueError):
    """The file is no draft that can be read."""


@dataclass
class Passage:
    """A paragraph, an item or a table cell.

    Attributes
    ----------
    ref : str
        ``para 12``, ``para 55(a)``, ``II Clearance (b)``, ``Table 3``; without numbers ``Heading, paragraph 2``.
    text, heading : str
        Its words, and the heading above it.
    lead : Passage or None
        The paragraph ending in a colon whose item it is.
    places : list
        Paragraphs of python-docx that hold the text, for comments.
    """

    ref: str
    text: str
    heading: str = ""
    lead: "Passage | None" = None
    places: list = field(default_factory=list)


def read(path: Path | str) -> list[Passage]:
    """Read a draft: a ``.docx``, a ``.pdf`` with a text layer, or a ``.txt``.

    Raises
    ------
    UnreadableDraft
        Another kind of file, or no text in it.
    """
    path = Path(path)
    readers = {".docx": _from_docx, ".pdf": _from_pdf, ".txt": lambda path: _from_lines(path.read_text("utf-8-sig"))}
    if path.suffix.lower() not in readers:
        raise UnreadableDraft(f"{path.name}: found {path.suffix or 'no suffix'}, expected .docx, .pdf or .txt")
    if not path.is_file():
        raise FileNotFoundError(f"there is no {path}")
    try:
        passages = list(_referred(_whole(readers[path.suffix.lower()](path))))
    except (KeyError, ValueError) as error:
        raise UnreadableDraft(f"{path.name}: {error}") from error
    if not passages:
        raise UnreadableDraft(f"{path.name}: found no text; a scanned pdf has no text layer")
    return passages


def _from_pdf(path: Path) -> Iterator[Block]:
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        lines = [line.strip() for page in PdfReader(path).pages for line in page.extract_text().splitlines()]
    except PyPdfError as error:
        raise UnreadableDraft(f"{path.name}: {error}") from error
    full = max(map(len, lines), default=0) * SHORT_LINE
    ends = ("\n\n" if len(line) < full and line.endswith((".", ":", ";", "?")) else "\n" for line in lines)
    return _from_lines("".join(line + end for line, end in zip(lines, ends, strict=True)))


def _from_lines(text: str) -> Iterator[Block]:
    """Take paragraphs apart at blank lines, labels, bullets and rows of tables."""
    for chunk in re.split(r"\n\s*\n", text):
        held = ""
        for line in filter(str.strip, re.sub(r"(?m)^ *[|]?|[| ]*$", "", chunk).splitlines()):
            row = "\t" in line or "|" in line
            begins = row or any(p.match(line) for p in (PATTERNS.bullet, PATTERNS.table, *_LABELS))
            if held and (begins or PATTERNS.table.fullmatch(held) or held.startswith("#")):
                yield _clean(held), []
                held = ""
            if row:
                yield "\t".join(map(_clean, re.split(r"[\t|]", line))), []
            else:
                held = f"{held} {line}".strip()
        if held:
            yield _clean(held), []


def _clean(text: str) -> str:
    """Take out marks; "• (a)" is an item, and any other bullet is "- ", "# " stays before a heading."""
    bullet = PATTERNS.bullet.match(text)
    rest = text[bullet.end() :] if bullet else text
    mark = "- " if bullet and not any(p.match(rest) for p in _LABELS) else "# " if text.startswith("#") else ""
    return mark + " ".join(PATTERNS.marks.sub("", rest).split())


def _from_docx(path: Path) -> Iterator[Block]:
    import docx

    try:
        document = docx.Document(path)
    except BadZipFile as error:
        raise UnreadableDraft(f"{path.name}: no Word document") from error
    numbers = Counter()
    for block in document.iter_inner_content():
        if hasattr(block, "rows"):
            for row in block.rows:
                cells = list(dict.fromkeys(row.cells))
                yield "\t".join(_clean(cell.text) for cell in cells) + "\t", [cell.paragraphs[0] for cell in cells]
        else:
            heading = block.style.name.startswith(("Heading", "Title", "Subtitle"))
            yield ("# " if heading else _label(document, block, numbers)) + _clean(block.text), [block]


def _label(document, paragraph, numbers: Counter) -> str:
    """Give the number, letter or bullet that Word sets before a paragraph by itself."""
    properties = [p.pPr.numPr for p in (paragraph._p, paragraph.style.element) if p.pPr is not None]
    numbering = [p for p in properties if p is not None and p.numId is not None]
    if not numbering or not numbering[0].numId.val:
        return ""
    key = numbering[0].numId.val
    level = next((n.ilvl.val for n in numbering if n.ilvl is not None), 0)
    abstract = f"//w:abstractNum[@w:abstractNumId=//w:num[@w:numId='{key}']/w:abstractNumId/@w:val]"
    form = document.part.numbering_part.element.xpath(f"{abstract}/w:lvl[@w:ilvl='{level}']/w:numFmt/@w:val")
    numbers[key, level] += 1
    for deeper in [k for k in numbers if k[0] == key and k[1] > level]:
        del numbers[deeper]
    number = numbers[key, level]
    return {"decimal": f"{number}. ", "lowerLetter": f"({chr(96 + number)}) "}.get(form[0] if form else "", "- ")


def _whole(blocks: Iterator[Block]) -> Iterator[Block]:
    """Join a paragraph that a page break cut in two: its second half begins with a small letter."""
    held, places = "", []
    for text, own in blocks:
        if not text.strip("#- \t"):
            continue
        if held and text[0].islower() and "\t" not in held + text and held[0] != "#" and held[-1] not in ".;:":
            held, places = f"{held} {text}", places + own
            continue
        if held:
            yield held, places
        held, places = text, own
    if held:
        yield held, places


def _referred(blocks: Iterator[Block]) -> Iterator[Passage]:
    """Give each block its reference and its headings."""
    part = heading = number = table = ""
    place = tables = 0
    lead, above = None, ("", "")  # the paragraph before its items; number and heading of the items before
    columns, header = {}, []
    for text, places in blocks:
        if "\t" in text:
            tables += not table
            table = table or f"Table {tables}"
            row = Passage(table, "", f"{part} {heading}".strip())
            yield from _cells(text.split("\t"), places, row, columns, header)
            continue
        caption = PATTERNS.table.match(text)
        if caption or columns:
            table, columns, header = caption[1] if caption else "", {}, []
        if caption and len(text) < LONGEST_HEADING:
            continue
        if _is_heading(text):
            text = text.removeprefix("# ")
            named = PATTERNS.part.match(text)
            part = named[1] if named and re.fullmatch("[IVX]+", named[1]) else part
            heading, number, place, lead = _unlabelled(text).rstrip(":"), "", 0, None
            yield Passage(f"{part} {heading}".strip(), heading, "", None, places)
            continue
        item, numbered = PATTERNS.item.match(text), PATTERNS.numbered.match(text) or PATTERNS.named.match(text)
        if item:
            if item[1] != "a" and not number and above[1] != heading:  # furniture of a page stands between
                number, heading = above
            above = number, heading
        elif numbered:
            number = f"para {numbered[1]}" if numbered[1][0].isdigit() else numbered[1]
        place += not item and not number
        plain = number or (f"{heading}, paragraph {place}" if heading else f"paragraph {place}")
        ref = f"{number or f'{part} {heading} '.lstrip()}({item[1]})" if item else plain
        below = bool(item or text.startswith("- "))
        passage = Passage(ref, _unlabelled(text.removeprefix("- ")), heading, lead if below else None, places)
        if not below:
            lead = passage if text.endswith(":") else None
        yield passage


def _is_heading(text: str) -> bool:
    if text.startswith(("# ", "- ")):
        return text[0] == "#"
    if text.endswith(":") and len(text) <= LONGEST_HEADING:
        return len(text.split()) <= MOST_WORDS_BEFORE_COLON
    if PATTERNS.item.match(text) or PATTERNS.named.match(text) or text[-1] in ".;,:":
        return False
    return len(text) <= LONGEST_HEADING or bool(PATTERNS.numbered.match(text))


def _unlabelled(text: str) -> str:
    return next((text[found.end() :] for found in (p.match(text) for p in _LABELS) if found), text)


def _cells(cells: list[str], places: list, row: Passage, columns: dict, header: list[set]) -> Iterator[Passage]:
    """Give each cell as a passage; a bare number is told with the name of its row and the list beside it."""
    repeated = set().union(*header)
    if len(header) < ROWS_OF_HEADER:
        header.append({text for text in cells if not re.search(r"\d", text)})
    bare = next((column for column, text in enumerate(cells) if column and _BARE.fullmatch(text)), None)
    if bare is not None:
        columns[bare] = row
        beside = "; ".join(text for text in cells[bare + 1 :] if text and not text[0].isdigit())
        text = f"{cells[bare]} {cells[0]}" + f": {beside}" * bool(beside)
        yield Passage(row.ref, text, row.heading, None, places[bare : bare + 1])
        return
    for column, text in enumerate(cells):
        if text and text[0].islower() and column in columns:
            columns[column].text += f" {text}"
        elif text and text not in repeated:  # the heading again, on the next page
            columns[column] = Passage(row.ref, text, row.heading, None, places[column : column + 1])
            yield columns[column]
