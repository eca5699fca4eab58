"""A Word document in the style of the meetings' documents: numbered headings and paragraphs, lettered lists, tables, footnotes.

Look, styles and numbering come from ``template.docx`` beside this file: open it in Word or LibreOffice, change the
styles, save; no code knows their look, only their names. A saved draft has the same bytes each time: no author, no time,
entries of the archive in one order with one date.
"""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import docx
from docx.enum.table import WD_TABLE_DIRECTION
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Twips
from docx.text.paragraph import Paragraph

from ccmlib.base.files import packed, write_whole
from ccmlib.base.outgoing import one_line

TEMPLATE = Path(__file__).with_name("template.docx")
LETTERED = "List Number 2"
#: Language of the text for spelling and hyphenation, by locale.
LANGUAGE_TAGS = {"en": "en-GB", "fr": "fr-FR", "es": "es-ES", "ru": "ru-RU", "ar": "ar-SA", "zh": "zh-CN"}
#: Widths of the columns of a table in twentieths of a point; together that of the text.
WIDTHS = [Twips(2950), Twips(2800), Twips(3320)]
#: A sentence, and its language where that is not the document's.
Text = tuple[str, str]


class WordDraft:
    """A document that grows from top to bottom, in one of the six UN languages; `document` is python-docx's."""

    def __init__(self, title: str, locale: str = "en"):
        self.document = docx.Document(str(TEMPLATE))
        related = self.document.part.rels.values()
        self._footnotes = next(rel.target_part for rel in related if rel.reltype == RELATIONSHIP_TYPE.FOOTNOTES)
        self._notes = parse_xml(self._footnotes.blob)
        self.locale, self._rtl, self._letters = locale, locale == "ar", 0
        self.document.core_properties.title = one_line(title)
        self.document.core_properties.language = LANGUAGE_TAGS[locale]
        self._set_language()

    def add(self, style: str, *sentences: Text) -> Paragraph:
        """Add a paragraph; items (a), (b) … that follow each other are one list."""
        paragraph = self.document.add_paragraph(style=style)
        if style != LETTERED:
            self._letters = 0
        else:
            self._letters = self._letters or self._new_list()
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = self._letters
        for sentence in sentences:
            self.write(paragraph, *sentence)
        return paragraph

    def write(self, paragraph: Paragraph, text: str, lang: str = "") -> None:
        """Add a sentence to a paragraph; in Chinese no space comes between."""
        space = " " if paragraph.runs and (self.locale != "zh" or lang) else ""
        run = paragraph.add_run(one_line(space + text))
        if lang and lang != self.locale:
            _element(run._r.get_or_add_rPr(), "w:lang", val=LANGUAGE_TAGS[lang])
            if self._rtl:  # left-to-right text in a right-to-left document
                run.font.rtl = False
                _element(paragraph._p.get_or_add_pPr(), "w:bidi", val="0")

    def each(self, style: str, texts: Iterable[Text]) -> None:
        """Add texts as a paragraph each."""
        for text in texts:
            self.add(style, text)

    def footnote(self, paragraph: Paragraph, text: str) -> None:
        """Add a footnote at the end of a paragraph as it stands."""
        number = str(len(self._notes.findall(qn("w:footnote"))) - 1)  # two of them are the separators
        _element(paragraph.add_run(style="footnote reference")._r, "w:footnoteReference", id=number)
        body = Paragraph(_element(_element(self._notes, "w:footnote", id=number), "w:p"), paragraph._parent)
        body.style = self.document.styles["footnote text"]
        _element(body.add_run(style="footnote reference")._r, "w:footnoteRef")
        body.add_run(one_line(f" {text}"))

    def table(self, caption: Text, headings: tuple[Text, ...], rows: list[list[list[Text]]]) -> None:
        """Add a table of three columns with a caption above it and a heading row that is repeated on each page.

        `rows` hold the paragraphs of each cell. The first column is one cell over all rows, told in the first of them.
        """
        self.add("Caption", caption)
        table = self.document.add_table(rows=1 + len(rows), cols=len(WIDTHS), style="Report Table")
        table.autofit = False
        if self._rtl:
            table.table_direction = WD_TABLE_DIRECTION.RTL
        _element(table._tbl.tblPr, "w:tblCaption", val=one_line(caption[0]))
        for column, width in zip(table.columns, WIDTHS, strict=True):
            column.width = width
        for place, (row, cells) in enumerate(zip(table.rows, [[[text] for text in headings], *rows], strict=True)):
            _element(row._tr.get_or_add_trPr(), "w:cantSplit" if place else "w:tblHeader")
            for cell, width, sentences in zip(row.cells, WIDTHS, cells, strict=True):
                cell.width = width
                for number, sentence in enumerate(sentences):
                    paragraph = cell.add_paragraph() if number else cell.paragraphs[0]
                    paragraph.style = self.document.styles["Table Text" if place else "Table Heading"]
                    self.write(paragraph, *sentence)
        table.cell(1, 0).merge(table.cell(len(rows), 0))
        # A table that fits on a page is not torn: its goals stand beside the first action as beside the last.
        for paragraph in (paragraph for row in table.rows[:-1] for cell in row.cells for paragraph in cell.paragraphs):
            paragraph.paragraph_format.keep_with_next = True

    def save(self, path: Path) -> None:
        """Write the document, whole or not at all."""
        buffer = BytesIO()
        self._footnotes._blob = serialize_part_xml(self._notes)
        self.document.save(buffer)
        with ZipFile(buffer) as archive:  # packed again, for the same bytes each time
            write_whole(path, packed({name: archive.read(name) for name in sorted(archive.namelist())}))

    def _new_list(self) -> int:
        """Define a lettered list that begins with (a)."""
        numbering = self.document.part.numbering_part.element
        own = self.document.styles[LETTERED].element.find(f".//{qn('w:numId')}").val
        num = numbering.add_num(numbering.num_having_numId(own).abstractNumId.val)
        num.add_lvlOverride(ilvl=0).add_startOverride(1)
        return num.numId

    def _set_language(self) -> None:
        styles = self.document.styles
        language = styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
        language.set(qn({"zh": "w:eastAsia", "ar": "w:bidi"}.get(self.locale, "w:val")), LANGUAGE_TAGS[self.locale])
        if self._rtl:
            _element(styles["Normal"].element.get_or_add_pPr(), "w:bidi")
            _element(styles["Normal"].element.get_or_add_rPr(), "w:rtl")
            for numbers in self.document.part.numbering_part.element.iter(qn("w:numFmt")):
                if numbers.get(qn("w:val")).endswith("Letter"):  # (a) and A.
                    numbers.set(qn("w:val"), "arabicAbjad")


def _element(parent, name: str, **attributes: str):
    """Append an element."""
    element = OxmlElement(name, {qn(f"w:{key}"): value for key, value in attributes.items()})
    parent.append(element)
    return element
