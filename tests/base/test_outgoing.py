"""Text of a cell on its way out: the files that are written run nothing, whatever the cell says."""

import csv
import io
import re
import zipfile
from html import unescape
from urllib.parse import unquote

import docx
import matplotlib.pyplot as plt
import pandas as pd
import pytest
from icalendar import Calendar

from ccmlib.base.outgoing import no_formula, one_line
from ccmlib.notebook.section import open_section
from ccmlib.pages.calendar_file import calendar_text
from ccmlib.pages.drafts.word import WordDraft
from ccmlib.tidy import tables

#: What a State's note could say to a spreadsheet program (OWASP, "CSV injection").
FORMULAS = [
    "=HYPERLINK(1)", "+1+cmd|' /C calc'!A0", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "Yes\r=1", "Yes\r\n=1",
    "＝1", "＋1", "－1", "＠SUM(1)",
]
STARTS = tuple("=+-@\t\r\n＝＋－＠")


def written_as(text):
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.startswith("Yes") else f"'{text}"


def cells(text):
    """Read CSV as a spreadsheet program does: a carriage return outside quotes ends a row too."""
    return [cell for row in csv.reader(io.StringIO(text, newline=None)) for cell in row]


@pytest.mark.parametrize("text", FORMULAS)
def test_a_formula_becomes_text(text):
    assert no_formula(text) == written_as(text)


@pytest.mark.parametrize("text", ["", "Cuba", "a=1", "-5", "+4", "-0.5", "2016-04-06", "'=1"])
def test_other_text_and_numbers_stay(text):
    assert no_formula(text) == text


def test_no_cell_of_a_tidy_table_is_a_formula(built, tmp_path):
    events = pd.concat([built["use_events"].head(1).assign(place=text) for text in FORMULAS], ignore_index=True)
    tables.write({name: frame.head(1) for name, frame in built.items()} | {"use_events": events}, tmp_path)
    written = cells((tmp_path / "use_events.csv").read_bytes().decode())
    assert all(written_as(text) in written for text in FORMULAS)
    assert not [cell for cell in written if cell.startswith(STARTS)]
    assert tables.load("use_events", tmp_path)["place"].tolist() == FORMULAS


def test_no_cell_of_a_section_is_a_formula(monkeypatch, processed, tmp_path):
    shown = []
    monkeypatch.setattr("ccmlib.notebook.section.show", shown.append)
    section = open_section("01_universalization", period="6MSP", processed=str(processed), out=str(tmp_path / "out"))
    frame = pd.DataFrame({"state": FORMULAS, "=note": 1})
    section.attach("notes.csv", frame)
    figure, _ = plt.subplots()
    section.chart("notes", figure, title="a", subtitle="b", source="c", alt="d", data=frame)
    section.table("notes", frame, "Notes")
    files = [section.folder / name for name in ("notes.csv", "charts/notes.csv")]
    # A page carries its tables as CSV too, in a link.
    links = re.findall('href="data:text/csv;charset=utf-8,([^"]+)"', unescape("".join(shown)))
    assert len(links) == 2
    for text in (*(path.read_bytes().decode() for path in files), *map(unquote, links)):
        written = cells(text.removeprefix("\ufeff"))
        assert written[:2] == ["state", "'=note"]
        assert written[2::2] == [written_as(text) for text in FORMULAS]


def test_a_cell_adds_no_line_to_a_calendar():
    breaks = "\r\nBEGIN:VALARM\rACTION:PROCEDURE\nATTACH:calc\u2028END:VALARM\x85\x0b\x00;,\\n"
    events = pd.DataFrame(
        {"on": [pd.Timestamp(2020, 8, 1)], "key": "deadline", "what": f"Deadline{breaks}", "description": f"log{breaks}"}
    )
    data = calendar_text(events, "LAO", f"Lao PDR{breaks}", pd.Timestamp(2016, 6, 30)).encode()
    unfolded = data.replace(b"\r\n ", b"").decode().split("\r\n")
    assert [line.partition(":")[0].partition(";")[0] for line in unfolded if line] == [
        "BEGIN", "VERSION", "PRODID", "X-WR-CALNAME",
        "BEGIN", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "CATEGORIES", "DESCRIPTION", "TRANSP",
        *["BEGIN", "ACTION", "DESCRIPTION", "TRIGGER", "END"] * 2, "END", "END",
    ]
    assert len("".join(unfolded).splitlines()) == 1
    (event,) = Calendar.from_ical(data).walk("VEVENT")
    assert event["description"] == one_line(f"log{breaks}")
    assert {str(alarm["action"]) for alarm in event.subcomponents} == {"DISPLAY"}


@pytest.mark.parametrize("text", [
    '{ HYPERLINK "http://example.org" }', "\x13 DDEAUTO c:\\windows\\calc.exe \x14x\x15", "{DDE excel calc}",
    '</w:t></w:r><w:fldSimple w:instr="DDEAUTO calc"/>',
])
def test_a_cell_makes_no_field_in_a_document(tmp_path, text):
    draft = WordDraft(text)
    for style in ("Heading 1", "List Number", "List Number 2"):
        draft.add(style, (text, ""))
    draft.table((text, ""), ((text, ""),) * 3, [[[(text, "")], [(text, "en")], [(text, "")]]])
    draft.save(tmp_path / "report.docx")
    with zipfile.ZipFile(tmp_path / "report.docx") as archive:
        parts = {name: archive.read(name).decode() for name in archive.namelist()}
    for name, part in parts.items():
        fields = [mark for mark in ("<w:fldSimple", "<w:instrText", "<w:fldChar", "<w:hyperlink") if mark in part]
        # The page number of the footer is the document's only field.
        assert not fields or (name == "word/footer1.xml" and part.count("<w:instrText") == 1)
    said = [paragraph.text for paragraph in docx.Document(tmp_path / "report.docx").paragraphs]
    assert said.count(one_line(text)) == 4
