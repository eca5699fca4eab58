"""The draft of the official document: order, numbering, tables, and the same bytes each time."""

import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from pypdf import PdfReader

from ccmlib.base.outgoing import one_line
from ccmlib.language.languages import Language
from ccmlib.pages.context import PageContext
from ccmlib.pages.drafts.docx import without_names, write_docx
from ccmlib.pages.drafts.word import WordDraft
from ccmlib.treaty.periods import Period

PERIOD = Period(
    "6MSP", pd.Timestamp(2015, 9, 12), pd.Timestamp(2016, 6, 30), 2015, "Sixth Meeting of States Parties", "Geneva"
)
STEMS = [
    ("00_summary", "Summary"), ("01_universalization", "Universalization"),
    ("04_victim_assistance", "Victim assistance"), ("08_reconciliation", "Reconciliation"),
]


def finding(text, figures=(), cell=None, lang="", states=()):
    return {"id": text, "text": text, "html": text, "refs": [], "figures": list(figures), "lang": lang, "states": list(states),
            "cell": cell or text}


def figure(figure_id, value, note="", rows=()):
    return {"figure_id": figure_id, "label": figure_id, "value": value, "shown": str(value), "note": note, "rows": list(rows)}


LIST = "Six missed it in {year}: Fiji."
ACTION = "In line with Action 1.2 of the Dubrovnik Action Plan, “Promote the universalization”"
RECORDS = {
    "08_reconciliation": {"section": "reconciliation", "in_draft": False},
    "00_summary": {
        "section": "summary", "letter": "", "title": "Summary", "figures": [], "questions": [], "notes": [], "activities": [],
        "plan": "Dubrovnik Action Plan", "meeting_days": ["2016-09-05", "2016-09-07"],
        "findings": [
            finding("It follows the 32 actions of the plan.", ["action_plan_actions"]),
            finding("Four new States Parties joined: Cuba (6 April 2016). The sources leave it open for Palau.",
                    ["states_parties"], states=["CUB", "PLW"]),
            finding("Thirty States are still to join.", ["to_go"]),
            finding("Thirteen States Parties have victims.", ["art5_obligations"]),
        ],
    },
    "01_universalization": {
        "section": "universalization", "letter": "A", "title": "Universalization", "plan": "Dubrovnik Action Plan",
        "notes": ["Not known for this period: votes."],
        "figures": [figure("states_parties", 100, "Niue is not counted."), figure("to_go", 30),
                    figure("letters", 53, rows=["a:8"])],
        "findings": [
            finding("Four States became States Parties: Cuba, Mauritius, Palau and Somalia.", ["states_parties"], cell=4),
            finding("Thirty more States would have to join.", ["to_go"], cell=4),
            finding("Fifty-three letters were sent.", ["letters"], cell=6),
            finding("Use was confirmed in two States.", ["use"], cell=7),
        ],
        "activities": [{"text": "The Presidency made a pledge.", "row": "a:7", "action": ""},
                       {"text": "The Presidency sent fifty-three letters.", "row": "a:8", "action": ACTION},
                       {"text": "A workshop was planned for August 2016.", "row": "a:9", "action": ACTION}],
        "questions": [
            {"letter": "a", "text": "How can States join?"}, {"letter": "b", "text": "How can the norm grow?"},
        ],
        "action_table": {
            "number": 1, "plan": "Dubrovnik Action Plan", "goals": ["130 States Parties", "Less use"], "actions": [
                {"action": "Increase adherence", "state_of_play": [
                    {"text": "One hundred States Parties", "lang": ""}, {"text": "Thirty States to go", "lang": ""}]},
                {"action": "Promote the universalization", "state_of_play": []},
            ],
        },
    },
    "04_victim_assistance": {
        "section": "victim_assistance", "letter": "D", "title": "Victim assistance", "plan": "Dubrovnik Action Plan",
        "notes": ["No discussion questions are recorded for this period.",
                  "Nothing that the sources tell falls due in the next period."],
        "figures": [figure("art5_obligations", 13), figure("va_focal_points", None)],
        "findings": [
            finding("Eighteen reports are overdue.", ["overdue"], cell=2),
            *(finding(LIST.format(year=year), [f"overdue_since_{year}"], cell=3) for year in (2011, 2012, 2013)),
            finding("Thirteen States Parties have victims.", ["art5_obligations"], cell=5),
            finding("A" * 690, cell=5),
        ],
        "activities": [], "questions": [],
    },
}


def context(locale="en", period=PERIOD, **changes):
    language = Language(locale)
    return PageContext(period=period, sections=STEMS, labels=language, **changes)


@pytest.fixture
def stage(tmp_path):
    folder = tmp_path / "stage"
    for stem, record in RECORDS.items():
        (folder / stem).mkdir(parents=True)
        (folder / stem / "section.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


def written(stage, name="report.docx", **changes):
    path = stage.parent / name
    write_docx(stage, context(**changes), path)
    return path


def outline(path):
    return [(paragraph.style.name, paragraph.text) for paragraph in docx.Document(path).paragraphs]


def numbered(path):
    return [text for style, text in outline(path) if style == "List Number"]


def footnotes(path):
    part = next(rel.target_part for rel in docx.Document(path).part.rels.values() if rel.reltype.endswith("/footnotes"))
    return ["".join(text.text for text in note.iter(qn("w:t"))).strip() for note in parse_xml(part.blob)][2:]


def test_it_follows_the_order_of_the_model(stage):
    found = outline(written(stage))
    assert found[3:10] == [
        ("Title Block", "Convention on Cluster Munitions"),
        ("Title Block", "Sixth Meeting of States Parties"),
        ("Title Block", "Geneva, 5–7 September 2016"),
        ("Title Block", "Item [number] of the [provisional] agenda"),
        ("Title Block", "[Title of the item]"),
        ("Title", "Progress Report: monitoring progress in implementing the Dubrovnik Action Plan"),
        ("Subtitle", "Submitted by the President of the Sixth Meeting of States Parties"),
    ]
    headings = [(style, text) for style, text in found if style.startswith("Heading")]
    progress = "monitoring progress in the implementation of the Dubrovnik Action Plan"
    assert headings == [
        ("Heading 1", "Introduction"),
        ("Heading 1", "Report Summary"),
        ("Heading 1", "Progress Report for the period 12 September 2015 to 30 June 2016"),
        ("Heading 2", "Universalization"),
        ("Heading 3", "Questions/challenges for discussion at the Sixth Meeting of States Parties"),
        ("Heading 3", f"Progress report on Universalization: {progress}"),
        ("Heading 2", "Victim assistance"),
        ("Heading 3", "Questions/challenges for discussion at the Sixth Meeting of States Parties"),
        ("Heading 3", f"Progress report on Victim assistance: {progress}"),
    ]


def test_days_of_the_meeting_that_are_not_on_record_are_to_be_filled_in(stage):
    summary = RECORDS["00_summary"] | {"meeting_days": []}
    (stage / "00_summary" / "section.json").write_text(json.dumps(summary), encoding="utf-8")
    assert ("Title Block", "Geneva, [dates of the meeting]") in outline(written(stage))


def test_the_introduction_is_computed(stage):
    first, second, *_ = numbered(written(stage))
    assert first == "It follows the 32 actions of the plan. Changes after 30 June 2016 are not reflected in it."
    assert "The draft has two sections: Universalization; Victim assistance." in second
    assert "calendar year 2015, due on 30 April 2016" in second


def test_sentences_of_one_subject_are_one_paragraph_and_a_long_one_begins_another(stage):
    assert numbered(written(stage))[2:] == [
        "Four States became States Parties: Cuba, Mauritius, Palau and Somalia. Thirty more States would have to join.",
        "Use was confirmed in two States.",
        f"{ACTION}, the Presidency sent fifty-three letters. A workshop was planned for August 2016.",
        "The Presidency made a pledge.",
        "Eighteen reports are overdue.",
        "Thirteen States Parties have victims.",
        "A" * 690,
    ]


def test_an_activity_is_told_and_not_said_again(stage):
    texts = [text for _, text in outline(written(stage))]
    assert not any("Fifty-three letters were sent." in text for text in texts)


def test_the_summary_gives_numbers_and_no_names(stage):
    items = [text for style, text in outline(written(stage)) if style == "List Number 2"]
    assert items[0] == "Four new States Parties joined."


def test_a_summary_of_wide_bounds_does_not_introduce_the_names_it_leaves_out():
    text = "Between 5 and 84 States reported, for certain: Austria and Peru."
    assert without_names(finding(text, states=["AUT", "PER"]), Language("en")) == ("Between 5 and 84 States reported.", "")


def publish(stage, **row):
    given = {"ref": "para 3", "section": "universalization", "figure_id": "states_parties", "published_value": "99",
             "status": "differs", "basis": "",
             "explanation": "The report prints 99; the rows give 100. Only the rows name Palau (2016-04-19)."}
    pd.DataFrame([given | row]).to_csv(stage / "reconciliation.csv", index=False)


def test_notes_and_differences_are_footnotes(stage):
    publish(stage)
    assert footnotes(written(stage)) == [
        "Niue is not counted. In the report as published: 99 (para 3). Only the records name Palau (19 April 2016).",
        "Not known for this period: votes.",
    ]


def test_a_figure_that_agrees_has_no_footnote(stage):
    publish(stage, figure_id="to_go", status="matches", explanation="", basis="a zero", published_value="0")
    assert footnotes(written(stage)) == ["Niue is not counted.", "Not known for this period: votes."]


def test_what_is_printed_only_stands_in_brackets(stage):
    publish(stage, figure_id="assistance_provided_clearance", status="not itemised", basis="printed only", published_value="11",
            ref="para 25")
    assert numbered(written(stage))[6] == (
        "The report as published also counts, without a source on record: "
        "[eleven donor States that supported clearance (para 25)].")


def numbering_of(path):
    """List style, list and text of each listed paragraph."""
    found = []
    for paragraph in docx.Document(path).paragraphs:
        number = paragraph._p.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
        if paragraph.style.name.startswith("List"):
            found.append((paragraph.style.name, None if number is None else number.get(qn("w:val")), paragraph.text))
    return found


def test_paragraphs_share_one_numbering_and_each_lettered_list_begins_anew(stage):
    path = written(stage)
    listed = numbering_of(path)
    assert all(number is None for style, number, _ in listed if style == "List Number")  # the style's own
    lettered = {}
    for style, number, text in listed:
        if style == "List Number 2":
            lettered.setdefault(number, []).append(text)
    assert list(lettered.values()) == [
        ["Four new States Parties joined.", "Thirty States are still to join."],
        ["Thirteen States Parties have victims."],
        ["How can States join?", "How can the norm grow?"],
        [LIST.format(year=year) for year in (2011, 2012, 2013)],
    ]
    numbering = docx.Document(path).part.numbering_part.element
    for number in lettered:
        num = numbering.num_having_numId(int(number))
        assert num.find(f"{qn('w:lvlOverride')}/{qn('w:startOverride')}").get(qn("w:val")) == "1"


def test_the_table_has_goals_actions_and_state_of_play(stage):
    document = docx.Document(written(stage))
    table, _ = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["Goals", "Actions", "State of play on 30 June 2016"]
    assert table.rows[0]._tr.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None
    assert table.cell(1, 0).text == "130 States Parties\nLess use"
    assert table.cell(2, 0).text == table.cell(1, 0).text  # one cell over all actions
    assert table.cell(1, 2).text == "One hundred States Parties\nThirty States to go"
    assert table.cell(2, 1).text == "Promote the universalization"
    assert table.cell(2, 2).text == "[Not on record]"
    assert "Table 1. Universalization" in [text for _, text in outline(stage.parent / "report.docx")]


def test_a_plan_whose_text_is_not_on_record_leaves_its_goals_and_actions_open(stage):
    table = docx.Document(written(stage)).tables[1]
    assert [cell.text for cell in table.rows[1].cells] == [
        "[Goals of the Dubrovnik Action Plan]", "[Actions of the Dubrovnik Action Plan]",
        "Thirteen States Parties have victims."]


def test_questions_that_are_not_on_record_are_to_be_filled_in(stage):
    notes = [text for style, text in outline(written(stage)) if style == "Drafting Note"]
    assert notes == ["[Questions to be filled in]"]


def test_two_freely_chosen_days_have_no_meeting(stage):
    days = Period("2017-07-01_2018-06-30", pd.Timestamp(2017, 7, 1), pd.Timestamp(2018, 6, 30))
    found = outline(written(stage, period=days))
    assert [style for style, _ in found[3:5]] == ["Title Block", "Title"]
    assert ("Heading 3", "Questions/challenges for discussion") in found
    assert not any("calendar year" in text for _, text in found)


def test_a_section_that_was_not_run_is_named(stage):
    shutil.rmtree(stage / "04_victim_assistance")
    with pytest.raises(FileNotFoundError, match=r"04_victim_assistance/section\.json"):
        written(stage)


def test_two_runs_give_the_same_bytes(stage):
    assert written(stage, "a.docx").read_bytes() == written(stage, "b.docx").read_bytes()


def test_it_tells_nothing_of_machine_person_or_time(stage):
    with zipfile.ZipFile(written(stage)) as archive:
        assert archive.namelist() == sorted(archive.namelist())
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        content = b"\n".join(archive.read(name) for name in archive.namelist()).decode("utf-8")
        core = archive.read("docProps/core.xml").decode("utf-8")
    for word in (str(stage), str(Path.home()), os.uname().nodename, "python-docx"):
        assert word not in content
    for element in ("creator", "lastModifiedBy", "created", "modified", "lastPrinted"):
        assert element not in core
    assert "<dc:language>en-GB</dc:language>" in core


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1b", "\x85", "\ud800", "\ufffe", "\U0001ffff", "\u202e", "\u2066"])
def test_text_is_made_safe(bad):
    draft = WordDraft(f"t{bad}t")
    draft.add("List Number", (f"Four{bad} States", ""))
    assert draft.document.paragraphs[0].text.replace("  ", " ") == "Four States"
    assert one_line("São Tomé and Príncipe – Côte d’Ivoire 🏳") == "São Tomé and Príncipe – Côte d’Ivoire 🏳"


def test_a_title_that_is_not_translated_stays_english_as_a_whole(stage):
    ((_, text),) = [entry for entry in outline(written(stage, locale="zh")) if entry[0] == "Title"]
    assert text.isascii() or "Progress Report" not in text


def test_markup_in_a_text_stays_text(stage):
    record = RECORDS["01_universalization"] | {"findings": [finding("<w:br/> & </w:t> 100")]}
    (stage / "01_universalization" / "section.json").write_text(json.dumps(record), encoding="utf-8")
    assert ("List Number", "<w:br/> & </w:t> 100") in outline(written(stage))


def test_arabic_runs_from_right_to_left_and_keeps_english_sentences_so(stage):
    record = RECORDS["01_universalization"] | {"findings": [finding("Four States.", lang="en")], "action_table": {
        "number": 1, "plan": "Dubrovnik Action Plan", "goals": [], "actions": [{"action": "Act", "state_of_play": [
            {"text": "دولة طرف", "lang": ""}, {"text": "Letters sent", "lang": "en"}]}]}}
    (stage / "01_universalization" / "section.json").write_text(json.dumps(record), encoding="utf-8")
    document = docx.Document(written(stage, locale="ar"))
    play = document.tables[0].rows[1].cells[2].paragraphs
    assert [one._p.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None for one in play] == [False, True]
    numbers = {one.get(qn("w:val")) for one in document.part.numbering_part.element.iter(qn("w:numFmt"))}
    assert "arabicAbjad" in numbers
    assert not numbers & {"lowerLetter", "upperLetter"}
    normal = document.styles["Normal"].element
    assert normal.find(f"{qn('w:pPr')}/{qn('w:bidi')}") is not None
    assert document.styles.element.find(f".//{qn('w:lang')}").get(qn("w:bidi")) == "ar-SA"
    assert document.tables[0]._tbl.tblPr.find(qn("w:bidiVisual")) is not None
    (english,) = [paragraph for paragraph in document.paragraphs if paragraph.text == "Four States."]
    assert english._p.find(f"{qn('w:pPr')}/{qn('w:bidi')}").get(qn("w:val")) == "0"
    assert english.runs[0]._r.find(f"{qn('w:rPr')}/{qn('w:lang')}").get(qn("w:val")) == "en-GB"


def test_the_introduction_is_in_the_language_of_the_draft(stage):
    text = "\n".join(paragraph.text for paragraph in docx.Document(written(stage, locale="ar")).paragraphs)
    assert "Changes after 30 June 2016" not in text
    assert "30 يونيو 2016" in text

def test_a_table_stays_on_one_page_where_it_fits(stage):
    (table, *_) = docx.Document(written(stage)).tables
    kept = [
        {paragraph.paragraph_format.keep_with_next for cell in row.cells for paragraph in cell.paragraphs}
        for row in table.rows
    ]
    assert kept[:-1] == [{True}] * (len(table.rows) - 1)


def to_pdf(path, folder):
    subprocess.run(
        ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), str(path)], check=True, capture_output=True, timeout=180,
    )
    return PdfReader(path.with_suffix(".pdf"))


@pytest.mark.slow
def test_libreoffice_converts_it_to_a4_pages_with_all_paragraphs(stage):
    reader = to_pdf(written(stage), stage.parent)
    assert [round(float(side)) for side in reader.pages[0].mediabox[2:]] == [595, 842]
    text = " ".join("\n".join(page.extract_text() for page in reader.pages).split())
    for expected in (
        "I. Introduction", "II. Report Summary", "III. Progress Report for the period", "A. Universalization",
        "1. Questions/challenges for discussion", "2. Progress report on Universalization", "B. Victim assistance",
        "3. Four States became States Parties: Cuba, Mauritius, Palau and Somalia.", "7. Eighteen reports are overdue.",
        "(a) Six missed it in 2011: Fiji.", "(c) Six missed it in 2013: Fiji.", "Niue is not counted.",
        "(a) How can States join?", "(b) How can the norm grow?", "Table 1. Universalization", "Increase adherence",
    ):
        assert expected in text
