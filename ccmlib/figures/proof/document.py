"""Drafts as passages: the paragraphs, items and table cells of a docx, pdf or txt, each with its reference."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from zipfile import BadZipFile

import docx
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ccmlib.figures.proof.words import PATTERNS

#: A line longer than this is no heading; one that ends in a colon has at most so many words.
LONGEST_HEADING, MOST_WORDS_BEFORE_COLON = 100, 5
#: A line of a pdf that ends a sentence and is shorter than this share of the longest ends its paragraph.
SHORT_LINE = 0.8
#: The heading of a table has at most so many rows.
ROWS_OF_HEADER = 2
_LABELS = PATTERNS.numbered, PATTERNS.item, PATTERNS.named, PATTERNS.part
_LABEL = re.compile(f"^(?:{'|'.join(label.pattern for label in _LABELS)})", re.I)
#: A paragraph with "# " before a heading, "- " before a bullet and tabs between the cells of a row; and its places.
Block = tuple[str, list]


@dataclass(eq=False)
class Passage:
    """A paragraph, an item or a table cell.

    Its place is ``para 12``, ``para 55(a)``, ``II Clearance (b)``, ``Table 3``; without numbers ``Heading, paragraph 2``.
    `lead` is the paragraph ending in a colon whose item it is; `places` are paragraphs of python-docx, for comments.
    """

    ref: str
    text: str
    heading: str = ""
    lead: "Passage | None" = None
    places: list = field(default_factory=list)


def read(path: Path) -> list[Passage]:
    """Read a draft; one of another kind than docx, pdf or txt, or without text, is a ValueError."""
    readers = {".docx": _from_docx, ".pdf": _from_pdf, ".txt": lambda path: _from_lines(path.read_text("utf-8-sig"))}
    if path.suffix.lower() not in readers:
        raise ValueError(f"{path.name}: found {path.suffix or 'no suffix'}, expected .docx, .pdf or .txt")
    try:
        passages = list(_referred(_whole(readers[path.suffix.lower()](path))))
    except (BadZipFile, KeyError, PyPdfError, ValueError) as error:
        raise ValueError(f"{path.name}: {error}") from error
    if not passages:
        raise ValueError(f"{path.name}: found no text; a scanned pdf has no text layer")
    return passages


def _from_pdf(path: Path) -> Iterator[Block]:
    lines = [line.strip() for page in PdfReader(path).pages for line in page.extract_text().splitlines()]
    full = max(map(len, lines), default=0) * SHORT_LINE
    ends = ("\n\n" if len(line) < full and line.endswith((".", ":", ";", "?")) else "\n" for line in lines)
    return _from_lines("".join(line + end for line, end in zip(lines, ends, strict=True)))


def _from_lines(text: str) -> Iterator[Block]:
    """Take paragraphs apart at blank lines, labels, bullets and rows of tables."""
    held = ""
    for line in [*text.splitlines(), ""]:
        line = re.sub(r"^ *[|]?|[| ]*$", "", line)
        row = "\t" in line or "|" in line
        begins = row or not line.strip() or any(p.match(line) for p in (PATTERNS.bullet, PATTERNS.table, _LABEL))
        if held and (begins or PATTERNS.table.fullmatch(held) or held.startswith("#")):
            yield _clean(held), []
            held = ""
        if row:
            yield "\t".join(map(_clean, re.split(r"[\t|]", line))), []
        else:
            held = f"{held} {line}".strip()


def _clean(text: str) -> str:
    """Take out marks; "• (a)" is an item, and any other bullet is "- ", "# " stays before a heading."""
    rest = PATTERNS.bullet.sub("", text)
    mark = "- " if rest != text and not _LABEL.match(rest) else "# " if text.startswith("#") else ""
    return mark + " ".join(PATTERNS.marks.sub("", rest).split())


def _from_docx(path: Path) -> Iterator[Block]:
    document, numbers = docx.Document(path), Counter()
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
    numbering = [n for element in (paragraph._p, paragraph.style.element) for n in element.xpath("w:pPr/w:numPr[w:numId]")]
    key = numbering[0].numId.val if numbering else 0
    if not key:
        return ""
    level = next((n.ilvl.val for n in numbering if n.ilvl is not None), 0)
    abstract = f"//w:abstractNum[@w:abstractNumId=//w:num[@w:numId='{key}']/w:abstractNumId/@w:val]"
    form = document.part.numbering_part.element.xpath(f"{abstract}/w:lvl[@w:ilvl='{level}']/w:numFmt/@w:val")
    numbers[key, level] += 1
    numbers.update({deeper: -numbers[deeper] for deeper in numbers if deeper[0] == key and deeper[1] > level})
    number = numbers[key, level]
    return {"decimal": f"{number}. ", "lowerLetter": f"({chr(96 + number)}) "}.get(form[0] if form else "", "- ")


def _whole(blocks: Iterable[Block]) -> list[Block]:
    """Join a paragraph that a page break cut in two: its second half begins with a small letter."""
    made: list[Block] = []
    for text, places in (block for block in blocks if block[0].strip("#- \t")):
        held, own = made[-1] if made else ("#", [])
        if text[0].islower() and "\t" not in held + text and held[0] != "#" and held[-1] not in ".;:":
            made[-1] = f"{held} {text}", own + places
        else:
            made.append((text, places))
    return made


def _referred(blocks: Iterable[Block]) -> Iterator[Passage]:
    """Give each block its reference and its headings."""
    part = heading = number = table = ""
    place = tables = 0
    lead, above = None, ("", "")  # the paragraph before its items; number and heading of the items before
    columns, header = {}, []
    for text, places in blocks:
        if "\t" in text:
            tables += not table
            table = table or f"Table {tables}"
            yield from _cells(text.split("\t"), places, table, f"{part} {heading}".strip(), columns, header)
            continue
        caption = PATTERNS.table.match(text)
        if caption or columns:
            table, columns, header = caption[1] if caption else "", {}, []
        if caption and len(text) < LONGEST_HEADING:
            continue
        bare = _LABEL.sub("", text.removeprefix("# ").removeprefix("- "))
        if _is_heading(text):
            roman = re.match(r"([IVX]+)\. ", text.removeprefix("# "))
            part = roman[1] if roman else part
            heading, number, place, lead = bare.rstrip(":"), "", 0, None
            yield Passage(f"{part} {heading}".strip(), heading, "", None, places)
            continue
        item, numbered = PATTERNS.item.match(text), PATTERNS.numbered.match(text) or PATTERNS.named.match(text)
        if item:
            if item[1] != "a" and not number:  # furniture of a page stands between
                number, heading = above
            above = number, heading
        elif numbered:
            number = f"para {numbered[1]}" if numbered[1][0].isdigit() else numbered[1]
        place += not item and not number
        plain = number or (f"{heading}, paragraph {place}" if heading else f"paragraph {place}")
        ref = f"{number or f'{part} {heading} '.lstrip()}({item[1]})" if item else plain
        below = item or text.startswith("- ")
        passage = Passage(ref, bare, heading, lead if below else None, places)
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


def _cells(cells: list[str], places: list, ref: str, heading: str, columns: dict, header: list[set]) -> Iterator[Passage]:
    """Give each cell as a passage; a bare number is told with the name of its row and the list beside it."""
    repeated = set().union(*header)
    if len(header) < ROWS_OF_HEADER:
        header.append({text for text in cells if not re.search(r"\d", text)})
    for column, text in enumerate(cells):
        if column and re.fullmatch(r"\d[\d,.]*", text):
            beside = "; ".join(text for text in cells[column + 1 :] if text and not text[0].isdigit())
            text = f"{text} {cells[0]}" + f": {beside}" * bool(beside)
            columns[column] = Passage(ref, text, heading, None, places[column : column + 1])
            yield columns[column]
            return
    for column, text in enumerate(cells):
        if text and text[0].islower() and column in columns:
            columns[column].text += f" {text}"
        elif text and text not in repeated:  # the heading again, on the next page
            columns[column] = Passage(ref, text, heading, None, places[column : column + 1])
            yield columns[column]
