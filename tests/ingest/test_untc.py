"""The depositary's table in the shapes in which it comes; the table itself is that of the raw exports."""

import csv
import html
import io

import openpyxl
import pandas as pd
import pytest
from raw_copies import one

from ccmlib.base import fields, project
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import cards, grid, reading, untc

NAMES = StateNames.from_raw()
LABEL = "Accession(a), Ratification, Approval(AA), Succession(d), Formal confirmation(c), Acceptance(A)"
HEADER = ["Participant", "Signature", "Provisional application(n)", LABEL]
SHEET = grid.read(project.RAW / "untc_xxvi_6.xlsx").sheets[0].rows[7:131]
ROWS = [[name, signed, "", deposited] for name, signed, deposited in SHEET]
NOTES = [
    "1. In its notification of provisional application, Norway notified the Secretary-General that it applies "
    "Article 1.",
    "2. On 6 September 2024, the Government of Lithuania notified the Secretary-General of its decision to withdraw "
    "from the Convention. In accordance with article 20, the withdrawal will take effect on 6 March 2025.",
    "3. On 27 March 2015, the Government of Chad notified the Secretary-General that it had decided to withdraw the "
    "declaration made upon ratification of the Convention.",
]  # fmt: skip
TOTALS = "Signatories : 108 . Parties : 111"


def norway(rows, text="3 Dec 2008 n"):
    """Let Norway apply the Convention provisionally."""
    return [[*row[:2], text, row[3]] if row[0] == "Norway" else row for row in rows]


def read(path, layout="untc_xxvi_6"):
    problems = Problems()
    found = reading.Reading(names=NAMES)
    reading.read_one(grid.read(path), cards.Card(path.name, layout, title=path.name, accessed=""), found, problems)
    return found, problems


def table(found, name):
    return pd.concat([fields.arrange(name, pd.DataFrame()), *found.parts[name]])


def said(found):
    frame = table(found, "treaty_actions")
    return set(frame[["iso3", "action", "date"]].itertuples(index=False, name=None))


RIGHT = said(read(project.RAW / "untc_xxvi_6.xlsx")[0])


def as_text(folder, rows=ROWS, notes=NOTES):
    lines = io.StringIO()
    csv.writer(lines).writerows([[TOTALS, "", "", ""], HEADER, *norway(rows), [], *([note] for note in notes)])
    path = folder / "any name.csv"
    path.write_text(lines.getvalue(), encoding="utf-8")
    return path


def as_xml(folder, rows=ROWS, notes=NOTES):
    def entry(text):
        return f"<Entry>{text}</Entry>" if text else "<Entry />"

    raised = "&lt;superscript&gt;1&lt;/superscript&gt;"
    rows = [HEADER, *([f"{row[0]}{raised}", *row[1:]] for row in norway(rows))]
    table = "\n".join(f"<Row>{''.join(map(entry, row))}</Row>" for row in rows)
    notes = "".join(f"<Note><index>{note[0]}</index><text>\x1a & {note[3:]}</text><text /></Note>" for note in notes)
    path = folder / "XXVI-6.en.xml"
    path.write_text(
        f'<?xml version="1.0" encoding="iso-8859-1"?><Document><Treaty><ExternalData><Titlesect>Convention on Cluster '
        f"Munitions</Titlesect><Signatories>108</Signatories><Parties>111</Parties></ExternalData><Participants>{table}"
        f"</Participants><Declarations><Name>El Salvador</Name><Text>considers</Text></Declarations>"
        f"<EndNotes>{notes}</EndNotes></Treaty></Document>", encoding="cp1252", errors="replace")
    return path


def as_page(folder, rows=ROWS, notes=NOTES, name="table.xls"):
    def row_of(cells, tag="td", raised=""):
        first, *rest = (html.escape(cell) for cell in cells)
        return f"<tr>{''.join(f'<{tag}>{cell}</{tag}>' for cell in [first + raised, *rest])}</tr>"

    table = row_of(HEADER, "th") + "".join(row_of(row, raised="<sup>1</sup>") for row in norway(rows))
    below = "".join(row_of([note[0], note[3:]]) for note in notes)
    path = folder / name
    path.write_text(
        f"<!DOCTYPE html><html><head><style>td {{}}</style></head><body><div>CHAPTER XXVI</div><p>6. Convention on "
        f"Cluster Munitions</p><table><tr><td>{TOTALS}</td></tr></table><table>{table}</table><p>End Note</p>"
        f"<table>{below}</table></body></html>", encoding="utf-8")
    return path


def as_workbook(folder, rows=ROWS, notes=NOTES):
    workbook = openpyxl.Workbook()
    for row in [["CHAPTER XXVI"], ["6. Convention on Cluster Munitions"], [TOTALS], [], HEADER, *norway(rows), [],
                ["End Note"], *([int(note[0]), note[3:]] for note in notes)]:
        workbook.active.append(row)
    workbook.active.title = "Sheet1"
    path = folder / "ViewDetails.xlsx"
    workbook.save(path)
    return path


FORMS = [as_text, as_xml, as_page, as_workbook]


@pytest.mark.parametrize("form", FORMS)
def test_the_table_is_read_as_it_comes(form, tmp_path):
    found, problems = read(form(tmp_path))
    assert not problems, problems.text()
    assert said(found) == RIGHT
    applied = table(found, "observations")
    assert applied[["iso3", "question", "answer"]].values.tolist() == [["NOR", "provisional_application", "yes"]]
    notes = " ".join(found.reports[0].notes)
    assert "withdrawal of Lithuania from the Convention on 6 March 2025" in notes
    assert "no withdrawal from the Convention" in notes


@pytest.mark.parametrize("form", FORMS)
def test_a_row_that_was_lost_contradicts_the_totals_of_the_page(form, tmp_path):
    problems = list(read(form(tmp_path, rows=ROWS[1:]))[1])
    signatories = next(problem for problem in problems if problem.found == "Signatories: 108")
    assert signatories.expected == "107, as the rows of the table give"


def test_the_layout_is_found_by_what_the_file_holds(tmp_path):
    assert reading.stands_for(as_text(tmp_path), "", project.RAW) == ("untc_xxvi_6.xlsx", "untc_xxvi_6")


def test_a_letter_that_is_no_deposit_is_named(tmp_path):
    rows = [["Chad", row[1], "", "26 Mar 2013 d"] if row[0] == "Chad" else row for row in ROWS]
    problem = next(iter(read(as_text(tmp_path, rows=rows))[1]))
    assert problem.found == "26 Mar 2013 d"
    assert "d is succession" in problem.expected


def as_list(folder, actions):
    lines = io.StringIO()
    rows = [[iso3, NAMES.name(iso3), day.date(), action.replace("_", " ").title()] for iso3, action, day in actions]
    csv.writer(lines).writerows([["Code", "Name", "Date", "Participation Type"], *rows])
    path = folder / "details.csv"
    path.write_text(lines.getvalue(), encoding="utf-8")
    return path


def test_a_list_of_actions_is_read(tmp_path):
    actions = sorted(action for action in RIGHT if action[1] != "withdrawal")
    found, problems = read(as_list(tmp_path, actions), "treaty_actions")
    assert not problems, problems.text()
    assert said(found) == set(actions)
    assert reading.recognise(tmp_path / "details.csv") == "treaty_actions"


def test_provisional_application_in_a_list_is_no_adherence(tmp_path):
    actions = [action for action in RIGHT if action[1] != "withdrawal"]
    day = actions[0][2]
    found, problems = read(as_list(tmp_path, [*actions, ("USA", "provisional_application", day)]), "treaty_actions")
    assert not problems
    assert "USA" not in set(table(found, "treaty_actions")["iso3"])
    assert table(found, "observations")["iso3"].tolist() == ["USA"]


@pytest.mark.parametrize("years", [-11, 9])
def test_the_table_of_another_treaty_is_refused_in_one_line(tmp_path, years):
    actions = [(*action[:2], action[2] + pd.DateOffset(years=years)) for action in RIGHT if action[1] != "withdrawal"]
    found, problems = read(as_list(tmp_path, actions), "treaty_actions")
    assert "chapter XXVI, 6" in one(problems).expected
    assert table(found, "treaty_actions").empty


def test_a_page_that_names_another_treaty_is_refused(tmp_path):
    path = as_page(tmp_path)
    path.write_text(path.read_text().replace("Convention on Cluster Munitions", "Anti-Personnel Mines Convention"))
    assert "Mines" in one(read(path)[1]).found


TAKEN = [
    "Lithuania withdrew from the Convention. The withdrawal took effect on 6 March 2025.",
    "[3] On 6 September 2024, the Government of Lithuania notified the Secretary-General of its withdrawal from "
    "the said "
    "Convention, with effect from 6 March 2025.",
    "On 6 September 2024, Lithuania deposited an instrument of withdrawal from the Convention which took effect on "
    "6 March 2025.",
    "On 6 September 2024, the Government of the Republic of Lithuania informed the Secretary-General of its "
    "denunciation "
    "of the Convention. The denunciation shall take effect for Lithuania on 6 March 2025.",
]  # fmt: skip
NOT_TAKEN = [
    "On 27 March 1997, the Government of Chad notified the Secretary-General that it had decided to withdraw its "
    "declaration.",
    "On 3 May 2019, the Government of Chad notified the Secretary-General of the withdrawal of the reservation "
    "to article "
    "21 of the Convention. The withdrawal took effect on 3 May 2019.",
    "The Government of Denmark withdrew the territorial exclusion in respect of the Faroe Islands on 1 June 2012.",
    "On 5 June 2014, Germany withdrew its objection to the reservation made by Chad upon accession to the Convention.",
    "Mali withdrew its signature on 5 May 2009.",
]  # fmt: skip
UNCLEAR = [
    "Lithuania withdrew some time in 2025.",
    "Chad withdrew from the Convention.",
    "On 1 May 2024, the Government of Chad notified the Secretary-General that it would not withdraw from the "
    "Convention. "
    "The withdrawal was to take effect on 1 November 2024.",
    "On 1 May 2024, the Government of Chad notified the Secretary-General of its intention to withdraw from the "
    "Convention with effect from 1 November 2024.",
    "On 1 May 2024, Chad notified its withdrawal from the Convention with effect from 1 November 2024. On 1 June 2024, "
    "Chad notified that it withdrew its notification of withdrawal.",
    "On 1 May 2012, the Government of Denmark notified the withdrawal from the Convention in respect of the Faroe "
    "Islands, with effect from 1 November 2012.",
    "On 1 May 2024, the Government of Atlantis notified its withdrawal from the Convention with effect from 1 "
    "November 2024.",
]  # fmt: skip


@pytest.mark.parametrize("note", TAKEN)
def test_a_note_that_names_the_convention_is_a_withdrawal(note):
    what, iso3, day = untc.read_note(note, NAMES)
    assert (what, iso3, str(day)) == ("withdrawal", "LTU", "2025-03-06")


@pytest.mark.parametrize("note", NOT_TAKEN)
def test_a_note_on_anything_else_that_is_withdrawn_takes_no_state_out(note):
    assert untc.read_note(note, NAMES) == ("note", None, None)


@pytest.mark.parametrize("note", UNCLEAR)
def test_a_note_that_cannot_be_read_for_sure_asks(note):
    assert untc.read_note(note, NAMES) == ("unclear", None, None)


def test_a_note_without_a_withdrawal_says_nothing():
    assert untc.read_note("For the European part of the Kingdom.", NAMES)[0] == ""
