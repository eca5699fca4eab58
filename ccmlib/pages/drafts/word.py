"""A Word document in the style of the meetings' documents: numbered headings and paragraphs, lettered lists, tables, footnotes.

Look, styles and numbering come from ``template.docx`` beside this file: open it in Word or LibreOffice, change the
styles, save; no code knows their look, only their names (`STYLES`). A saved draft has the same bytes each time: no author,
no time, entries of the archive in one order with one date.
"""

import zipfile
from io import BytesIO
from pathlib import Path

import docx
from docx.enum.table import WD_TABLE_DIRECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.text.paragraph import Paragraph

from ccmlib.base.files import write_whole
from ccmlib.base.outgoing import one_line

TEMPLATE = Path(__file__).with_name("template.docx")
#: Styles that a template has to have.
STYLES = (
    "Title Block", "Title Block Right", "Title", "Subtitle", "Heading 1", "Heading 2", "Heading 3", "Summary Theme",
    "List Number", "List Number 2", "Caption", "Table Heading", "Table Text", "Report Table", "Drafting Note",
    "footnote text", "footnote reference",
)
#: Language of the text for spelling and hyphenation, by locale.
LANGUAGE_TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}
#: The earliest date a zip entry can have.
NO_DATE = (1980, 1, 1, 0, 0, 0)


class WordDraft:
    """A document that grows from top to bottom.

    Parameters
    ----------
    title : str
        Title in the document's properties.
    locale : str
        One of the six UN languages; sets the language of the text and, for Arabic, its direction.
    template : Path
        The document whose styles it takes.

    Raises
    ------
    ValueError
        Names the styles that the template lacks.

    Attributes
    ----------
    document : docx.document.Document
        The document so far.
    """

    def __init__(self, title: str, locale: str = "en", template: Path = TEMPLATE):
        self.document = docx.Document(str(template))
        missing = [style for style in STYLES if style not in self.document.styles]
        if missing:
            raise ValueError(f"{template.name}: expected the styles {', '.join(missing)}, which it does not have")
        related = self.document.part.rels.values()
        self._footnotes = next(rel.target_part for rel in related if rel.reltype == RELATIONSHIP_TYPE.FOOTNOTES)
        self._notes = parse_xml(self._footnotes.blob)
        self.locale = locale
        self._rtl = locale == "ar"
        self._letters = None
        self.document.core_properties.title = one_line(title)
        self.document.core_properties.language = LANGUAGE_TAGS[locale]
        self._set_language()

    def paragraph(self, text: str, style: str, lang: str = ""):
        """Add a paragraph; `lang` is the language of its text where that is not the document's."""
        self._letters = None
        return self._write(self.document.add_paragraph(style=style), text, lang)

    def heading(self, text: str, level: int) -> None:
        """Add a numbered heading: I. on level 1, A. on level 2, 1. on level 3."""
        self.paragraph(text, f"Heading {level}")

    def numbered(self, first: tuple[str, str], *sentences: tuple[str, str]):
        """Add a numbered paragraph of sentences, each with its language; the numbers go on through the whole document."""
        paragraph = self.paragraph(first[0], "List Number", first[1])
        for text, lang in sentences:
            self.add(paragraph, text, lang)
        return paragraph

    def lettered(self, text: str, lang: str = ""):
        """Add an item (a), (b) ... to the list at hand, or begin a list where the last paragraph was no item."""
        letters = self._letters or self._new_list()
        paragraph = self.paragraph(text, "List Number 2", lang)
        properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = 0
        properties.get_or_add_numId().val = letters
        self._letters = letters
        return paragraph

    def add(self, paragraph, text: str, lang: str = "") -> None:
        """Add a sentence to a paragraph; in Chinese no space comes between."""
        self._write(paragraph, text if self.locale == "zh" and not lang else f" {text}", lang)

    def footnote(self, paragraph, text: str, lang: str = "") -> None:
        """Add a footnote at the end of a paragraph as it stands."""
        number = str(len(self._notes.findall(qn("w:footnote"))) - 1)  # two of them are the separators
        self._reference(paragraph, "w:footnoteReference").set(qn("w:id"), number)
        note = OxmlElement("w:footnote")
        note.set(qn("w:id"), number)
        body = Paragraph(OxmlElement("w:p"), paragraph._parent)
        body.style = self.document.styles["footnote text"]
        self._reference(body, "w:footnoteRef")
        self._write(body, f" {text}", lang)
        note.append(body._p)
        self._notes.append(note)

    def table(
        self, caption: str, headings: list[str], widths: list[int], rows: list[list[list[tuple[str, str]]]]
    ) -> None:
        """Add a table with a caption above it and a heading row that is repeated on each page.

        Parameters
        ----------
        headings : list of str
            One for each column.
        widths : list of int
            Width of each column in twentieths of a point.
        rows : list of list of list of tuple
            Paragraphs of each cell: text, and its language where that is not the document's. The first column is one cell
            over all rows; its paragraphs stand in the first row.
        """
        self.paragraph(caption, "Caption")
        table = self.document.add_table(rows=1 + len(rows), cols=len(headings), style="Report Table")
        table.autofit = False
        if self._rtl:
            table.table_direction = WD_TABLE_DIRECTION.RTL
        description = OxmlElement("w:tblCaption")
        description.set(qn("w:val"), one_line(caption))
        table._tbl.tblPr.append(description)
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Twips(width)
        texts = [[[(heading, "")] for heading in headings], *rows]
        for place, (row, cells) in enumerate(zip(table.rows, texts, strict=True)):
            _row_property(row, "w:tblHeader" if place == 0 else "w:cantSplit")
            for cell, width, paragraphs in zip(row.cells, widths, cells, strict=True):
                cell.width = Twips(width)
                if paragraphs:
                    self._fill(cell, paragraphs, "Table Text" if place else "Table Heading")
        table.cell(1, 0).merge(table.cell(len(rows), 0))
        # A table that fits on a page is not torn: its goals stand beside the first action as beside the last.
        for row in table.rows[:-1]:
            for paragraph in (paragraph for cell in row.cells for paragraph in cell.paragraphs):
                paragraph.paragraph_format.keep_with_next = True

    def save(self, path: Path) -> None:
        """Write the document, whole or not at all."""
        buffer = BytesIO()
        self._footnotes._blob = serialize_part_xml(self._notes)
        self.document.save(buffer)
        write_whole(path, same_archive(buffer.getvalue()))

    def _reference(self, paragraph, kind: str):
        run = paragraph.add_run(style="footnote reference")
        mark = OxmlElement(kind)
        run._r.append(mark)
        return mark

    def _write(self, paragraph, text: str, lang: str):
        run = paragraph.add_run(one_line(text))
        if lang and lang != self.locale:
            run._r.get_or_add_rPr().append(_language(LANGUAGE_TAGS[lang]))
            if self._rtl:  # left-to-right text in a right-to-left document
                run.font.rtl = False
                direction = OxmlElement("w:bidi")
                direction.set(qn("w:val"), "0")
                paragraph._p.get_or_add_pPr().append(direction)
        return paragraph

    def _fill(self, cell, paragraphs: list[tuple[str, str]], style: str) -> None:
        first, *rest = paragraphs
        cell.paragraphs[0].style = self.document.styles[style]
        self._write(cell.paragraphs[0], *first)
        for text in rest:
            self._write(cell.add_paragraph(style=style), *text)

    def _new_list(self) -> int:
        """Define a lettered list that begins with (a)."""
        numbering = self.document.part.numbering_part.element
        own = self.document.styles["List Number 2"].element.find(f".//{qn('w:numId')}").get(qn("w:val"))
        num = numbering.add_num(numbering.num_having_numId(int(own)).abstractNumId.val)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return num.numId

    def _set_language(self) -> None:
        styles = self.document.styles.element
        tag = LANGUAGE_TAGS[self.locale]
        language = styles.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        script = {"zh": "w:eastAsia", "ar": "w:bidi"}.get(self.locale, "w:val")
        language.set(qn(script), tag)
        if self._rtl:
            normal = self.document.styles["Normal"].element
            normal.get_or_add_pPr().append(OxmlElement("w:bidi"))
            normal.get_or_add_rPr().append(OxmlElement("w:rtl"))
            for numbers in self.document.part.numbering_part.element.iter(qn("w:numFmt")):
                if numbers.get(qn("w:val")).endswith("Letter"):  # (a) and A.
                    numbers.set(qn("w:val"), "arabicAbjad")


def same_archive(data: bytes) -> bytes:
    """Pack a zip archive again so that equal contents give equal bytes: entries in order, with one date."""
    packed = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(packed, "w") as new:
        for name in sorted(old.namelist()):
            entry = zipfile.ZipInfo(name, NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            new.writestr(entry, old.read(name), compresslevel=9)
    return packed.getvalue()


def _language(tag: str):
    element = OxmlElement("w:lang")
    element.set(qn("w:val"), tag)
    return element


def _row_property(row, name: str) -> None:
    row._tr.get_or_add_trPr().append(OxmlElement(name))
