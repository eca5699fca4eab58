import shutil

import pandas as pd
import pytest
from raw_copies import GROUND, bring, copy_ground, edit, one, problems_of, put, recard

from ccmlib.base import fields
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems, ProblemsFound
from ccmlib.ingest import layouts, shapes, sheets
from ccmlib.ingest.cells import Sheet, Workbook
from ccmlib.treaty import build

REPORT_ROW = ["Mali", "5 Mar 2016", "", "6MSP report, para 53"]


@pytest.fixture
def raw(tmp_path):
    return copy_ground(tmp_path)


def append(raw, file, sheet, header_row, row):
    """Put a row right below the header, above the others."""

    def change(workbook):
        workbook[sheet].insert_rows(header_row + 1)
        for at, value in enumerate(row, 1):
            workbook[sheet].cell(header_row + 1, at, value)
        # Inserting rows does not move merged ranges in openpyxl.
        for merged in list(workbook[sheet].merged_cells.ranges):
            if merged.min_row > header_row:
                workbook[sheet].unmerge_cells(str(merged))

    edit(raw, file, change)


def test_a_mark_is_a_row_with_the_paragraph_of_its_column(built):
    frame = built["disclosures"]
    row = frame[(frame["indicator"] == "art4_land_released") & (frame["iso3"] == "BIH")].iloc[0]
    assert (row["value"], row["unit"], row["covers_year"]) == (1, "reported", 2015)
    assert row["source"] == "6MSP report, para 23"
    assert row["row"].startswith("article4_clearance.xlsx:Reported for 2015:B")


def test_a_nil_return_is_a_row_of_value_zero_without_a_state(built):
    frame = built["disclosures"]
    row = frame[frame["indicator"] == "art4_community_inclusion_reported"]
    assert row["iso3"].tolist() == [""]
    assert row["value"].tolist() == [0]


def test_territories_are_named_but_are_no_states(built):
    frame = built["disclosures"]
    victims = frame[frame["indicator"] == "victims_on_territory"]
    territories = victims[victims["text"] == "Territory"]
    assert territories["remarks"].tolist() == ["Kosovo", "Nagorno-Karabakh", "Western Sahara"]
    assert territories["iso3"].tolist() == ["", "", ""]


def test_states_parties_with_victims_have_an_obligation_signatories_have_none(built):
    states = built["obligations"].loc[built["obligations"]["article"] == 5, "iso3"]
    assert len(states) == 13
    assert "UGA" not in set(states)


def test_quantities_keep_their_words_and_the_remark_of_their_unit(built):
    frame = built["disclosures"]
    row = frame[frame["text"] == "58 million (other editions: nearly 63 million)"].iloc[0]
    assert row["value"] == 58_000_000
    assert "CHA" in set(frame.loc[frame["indicator"] == "contaminated_area_km2", "remarks"])
    planned = frame[frame["indicator"] == "stockpile_planned_completion"]
    assert planned["value"].isna().all()
    assert "end of 2015" in set(planned["text"])


def test_where_publishers_disagree_both_stay_and_rank_says_which_is_followed(built):
    chad = built["reports"][(built["reports"]["iso3"] == "TCD") & (built["reports"]["kind"] == "initial")]
    assert len(chad) == 2
    assert chad.sort_values("rank")["source"].iloc[0] == "6MSP report, para 53"


def test_a_submission_in_the_period_has_two_days_and_one_by_a_day_has_one(built):
    frame = built["reports"]
    spans = frame[frame["submitted_on"].isna()]
    assert spans["submitted_by"].notna().all()
    by = spans[spans["submitted_from"].isna()]
    assert pd.Timestamp(2015, 9, 11) in set(by["submitted_by"])


def test_the_withdrawal_is_read_from_the_end_note(built):
    frame = built["treaty_actions"]
    row = frame[frame["action"] == "withdrawal"].iloc[0]
    assert (row["iso3"], row["date"]) == ("LTU", pd.Timestamp(2025, 3, 6))


def test_the_status_table_counts_as_its_seed_was_checked(built):
    frame = built["treaty_actions"]
    day = pd.Timestamp(2016, 6, 30)
    deposited = set(frame.loc[~frame["action"].isin(["signature", "withdrawal"]) & (frame["date"] <= day), "iso3"])
    signed = set(frame.loc[(frame["action"] == "signature") & (frame["date"] <= day), "iso3"])
    assert (len(deposited), len(signed - deposited)) == (100, 19)


def test_an_unknown_state_is_named_with_the_nearest(raw):
    put(raw, "use.xlsx", "Use", "B5", "Yemenn")
    problem = one(problems_of(raw))
    assert (problem.file, problem.sheet, problem.cell) == ("use.xlsx", "Use", "B5")
    assert problem.suggestion == "Yemen"


def test_a_mark_that_was_lost_or_added_contradicts_the_source_of_its_row(raw):
    sheet = "Reported for 2015"
    put(raw, "article3_stockpiles.xlsx", sheet, "B6", None)
    put(raw, "article3_stockpiles.xlsx", sheet, "D6", "x")
    lost, added = problems_of(raw)
    assert (lost.cell, lost.expected) == ("B6", "a mark, as the source of the row lists para 11")
    assert (added.cell, added.expected) == ("D6", "none, as the source of the row does not list para 13")


def test_a_unit_that_is_not_the_indicators_is_named(raw):
    put(raw, "article4_clearance.xlsx", "Areas", "E6", "hectares")
    problem = one(problems_of(raw))
    assert (problem.cell, problem.found, problem.expected) == ("E6", "hectares", "km2")


def test_use_that_ends_before_it_begins_is_named(raw):
    put(raw, "use.xlsx", "Use", "D5", "30 Jun 2015")
    assert one(problems_of(raw)).expected == "a day not before 2015-09-12"


def test_a_report_before_entry_into_force_is_named(raw):
    append(raw, "article7_log.xlsx", "Initial reports", 4, ["Sri Lanka", "5 Jan 2018", "", "ISU news"])
    problem = one(problems_of(raw))
    assert (problem.cell, problem.found) == ("B5", "2018-01-05 (Sri Lanka)")
    assert "1 September 2018" in problem.expected


def test_a_report_of_a_state_that_is_not_a_party_is_named(raw):
    append(raw, "article7_log.xlsx", "Initial reports", 4, ["Kenya", "5 Jan 2018", "", "ISU news"])
    problem = one(problems_of(raw))
    assert (problem.cell, problem.found) == ("A5", "Kenya")


def test_a_report_after_withdrawal_is_named(raw):
    append(raw, "article7_log.xlsx", "Annual reports", 5, ["Lithuania", 2025, "5 Apr 2026", "", "ISU news"])
    assert "6 March 2025" in one(problems_of(raw)).expected


def test_a_voluntary_report_before_entry_into_force_is_right(raw):
    append(raw, "article7_log.xlsx", "Voluntary reports", 3, ["Angola", 2014, "5 Jan 2015", "", "ISU news"])
    assert not problems_of(raw)


def test_a_report_logged_twice_is_named(raw):
    append(raw, "article7_log.xlsx", "Initial reports", 4, ["Mali", "5 Mar 2016", "", "6MSP report, para 53 again"])
    assert one(problems_of(raw)).expected == "one report of a kind and year from one publisher"


def test_a_completion_before_the_obligation_is_named(raw):
    put(raw, "article3_stockpiles.xlsx", "Obligations", "C5", "1 Dec 2009")
    problem = one(problems_of(raw))
    assert problem.cell == "C5"
    assert "when the obligation began" in problem.expected


def test_an_obligation_of_a_state_that_is_not_a_party_is_named(raw):
    append(raw, "article4_clearance.xlsx", "Affected States", 4, ["Viet Nam", "", "", "", "6MSP report"])
    assert one(problems_of(raw)).expected.startswith("a State Party")


def test_the_same_state_twice_in_a_sheet_is_named(raw):
    append(raw, "article4_clearance.xlsx", "Affected States", 4, ["Afghanistan", "", "", "", "6MSP report"])
    problems = list(problems_of(raw))
    assert {problem.found.split(" again")[0] for problem in problems} <= {"AFG", "AFG, 4"}
    assert problems[0].cell.startswith("A")


def test_a_ratification_before_the_signature_is_named(raw):
    put(raw, "untc_xxvi_6.xlsx", "Status", "C8", "1 Dec 2008")
    assert {problem.cell for problem in problems_of(raw)} >= {"C8"}
    put(raw, "untc_xxvi_6.xlsx", "Status", "C8", "1 Jul 2010")
    put(raw, "untc_xxvi_6.xlsx", "Status", "B8", "30 Jul 2010")
    assert "not before the signature of 30 July 2010" in one(problems_of(raw)).expected


def test_a_signature_after_the_convention_entered_into_force_is_named(raw):
    put(raw, "untc_xxvi_6.xlsx", "Status", "B8", "8 Sep 2010")
    assert "open for signature" in one(problems_of(raw)).expected


def test_a_ratification_without_a_signature_and_an_accession_after_one_are_named(raw):
    put(raw, "untc_xxvi_6.xlsx", "Status", "C10", "9 Apr 2013")
    put(raw, "untc_xxvi_6.xlsx", "Status", "C8", "8 Sep 2011 a")
    assert {(problem.cell, problem.expected.split(",")[0]) for problem in problems_of(raw)} == {
        ("C8", "a ratification"), ("C10", "an accession")
    }  # fmt: skip


def test_a_date_before_the_convention_was_opened_is_named(raw):
    put(raw, "untc_xxvi_6.xlsx", "Status", "B8", "2 Dec 2008")
    problem = one(problems_of(raw))
    assert (problem.cell, problem.expected) == ("B8", "Date: a date from 2008-12-03 on")


def test_a_date_still_to_come_is_named(raw):
    put(raw, "untc_xxvi_6.xlsx", "Status", "C11", "3 Dec 2098")
    assert one(problems_of(raw)).expected == "a day that has passed"


def test_an_end_note_on_a_withdrawal_that_cannot_be_read_is_named(raw):
    sheet = "Status"

    def change(workbook):
        cells = [cell for row in workbook[sheet].iter_rows() for cell in row if "withdrew" in str(cell.value)]
        cells[0].value = "3. Lithuania withdrew some time in 2025."

    edit(raw, "untc_xxvi_6.xlsx", change)
    assert "end note" in one(problems_of(raw)).expected


def test_the_status_table_is_read_without_the_sheet_of_sources(raw):
    def change(workbook):
        del workbook["Sources of dates"]

    edit(raw, "untc_xxvi_6.xlsx", change)
    frames, problems = build.check(raw=raw)
    assert not problems
    assert set(frames["treaty_actions"]["source"]) == {"UN Treaty Collection status table"}


def test_a_published_value_that_is_not_of_its_kind_is_named(raw):
    bring(raw, "published_figures_6MSP.csv")
    path = raw / "published_figures_6MSP.csv"
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(",2016-06-30,date,", ",30 June 2016,date,", 1), encoding="utf-8")
    recard(raw, path.name)
    assert one(problems_of(raw)).expected == "a date such as 2016-06-30 or 2020-03"


def test_a_register_that_contradicts_itself_is_named(raw):
    path = raw / "state_names.csv"
    path.write_text(path.read_text(encoding="utf-8-sig") + "Burkina,BEN,a list\n", encoding="utf-8")
    recard(raw, path.name)
    problem = next(iter(problems_of(raw)))
    assert (problem.file, problem.found) == ("state_names.csv", "Burkina for BEN")
    assert "BFA" in problem.expected


def test_other_files_are_still_checked_when_one_cannot_be_read(raw):
    bring(raw, "use.xlsx")
    (raw / "use.xlsx").write_bytes(b"")
    recard(raw, "use.xlsx")
    put(raw, "activities.xlsx", "Activities", "C6", "Universalisation")
    assert {problem.file for problem in problems_of(raw)} == {"use.xlsx", "activities.xlsx"}


def test_without_the_names_nothing_that_names_a_state_is_read(raw):
    shutil.copy(raw / "territories.csv", raw / "un_states.csv")
    recard(raw, "un_states.csv")
    assert {problem.file for problem in problems_of(raw)} == {"un_states.csv"}


def test_the_same_territory_twice_is_named(raw):
    append(
        raw,
        "article5_victim_assistance.xlsx",
        "States with victims",
        4,
        ["Kosovo", "Territory", "6MSP report, para 29"],
    )
    assert one(problems_of(raw)).found == "Kosovo again"


def observed(rows, *, more=()):
    columns = [
        layouts.ColumnRule("iso3", ("State",), "state", filled=True),
        layouts.ColumnRule("question", ("Question",), filled=True),
        layouts.ColumnRule("answer", ("Answer",), "choice", filled=True, choices={"yes": "yes", "no": "no"}),
        layouts.ColumnRule("first_on", ("From",), "first_day"),
        layouts.ColumnRule("last_on", ("On",), "last_day", filled=True),
        layouts.ColumnRule("source", ("Source",), filled=True),
        *more,
    ]
    rule = layouts.SheetRule(("Facts",), ("observations",), tuple(columns), shape="observations")
    header = [column.labels[0] for column in columns]
    problems = Problems()
    book = Workbook("facts.xlsx", "xlsx", [Sheet("Facts", [header, *rows])])
    read = sheets.read_workbook(book, layouts.Layout("facts", (rule,)), StateNames.from_raw(), {}, problems)
    return shapes.SHAPES["observations"].make(read[0])["observations"], problems


def test_answers_to_questions_are_taken_as_they_are():
    frame, problems = observed([["Chad", "in_force", "yes", "", "March 2014", "6MSP report, para 3"]])
    assert not problems
    row = fields.arrange("observations", frame).iloc[0]
    assert (row["iso3"], row["question"], row["answer"], row["became"]) == ("TCD", "in_force", "yes", False)
    assert (row["last_on"], row["publisher"]) == (pd.Timestamp(2014, 3, 31), "6MSP report")
    assert pd.isna(row["first_on"])
    assert row["row"] == "facts.xlsx:Facts:2"


def test_an_answer_that_became_so_says_so_and_a_span_is_in_order():
    became = layouts.ColumnRule("became", ("Became",), "flag")
    day = ["Chad", "retains", "no", "1 Mar 2014", "1 Feb 2014", "a list", "yes"]
    frame, problems = observed([day], more=[became])
    assert frame["became"].tolist() == [True]
    assert one(problems).expected == "a day not before 2014-03-01"


def change_text(raw, file, *changes):
    path = raw / file
    text = path.read_text(encoding="utf-8-sig")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    path.write_text(text, encoding="utf-8")
    recard(raw, file)
    return problems_of(raw)


def test_a_period_out_of_order_or_with_a_name_for_no_folder_is_named(raw):
    problems = change_text(
        raw, "periods.csv", ("7MSP,Seventh", "../victim,Seventh"), (",2017-07-01,2018-06-30,", ",2017-06-30,2018-06-30,"),
        (",2018-07-01,2019-06-30,", ",2018-07-01,2018-06-30,"), ("2019-07-01,2020-06-30,2019,", "2019-07-01,2020-06-30,2009,"))
    assert [problem.cell for problem in problems] == ["A9", "D10", "E11", "F12"]


def test_a_period_that_is_named_and_not_there_is_told(raw):
    bring(raw, "published_figures_6MSP.csv")
    problems = change_text(raw, "periods.csv", ("6MSP,Sixth", "6MPS,Sixth"))
    assert any(problem.expected == "a period of the table periods" for problem in problems)


def test_the_register_has_193_members_in_five_groups(raw):
    problems = change_text(raw, "un_states.csv", ("Afghanistan,true,Asia-Pacific", "Afghanistan,true,African"))
    assert {problem.found for problem in problems} == {"55 African", "53 Asia-Pacific"}
    problems = change_text(raw, "un_states.csv", ("Afghanistan,true,African", "Afghanistan,,Asia-Pacific"))
    assert "192 Members of the United Nations" in {problem.found for problem in problems}


def test_a_report_of_a_state_that_never_signed_is_named(raw):
    put(raw, "article3_stockpiles.xlsx", "Reported for 2015", "A6", "Equatorial Guinea")
    assert any("signed or joined" in problem.expected for problem in problems_of(raw))


def test_a_quantity_a_thousand_times_the_others_of_its_state_is_named(raw):
    def change(workbook):
        sheet = workbook["Areas"]
        rows = [row for row in sheet.iter_rows(min_row=6)
                if str(row[0].value).startswith("Lao") and row[2].value == "area cleared"]  # fmt: skip
        assert len(rows) > 2
        rows[0][3].value = float(rows[0][3].value) * 1000

    edit(raw, "article4_clearance.xlsx", change)
    bring(raw, "state_facts_by_edition.csv")
    assert "like the others" in one(problems_of(raw)).expected


def test_every_row_that_is_kept_stands_in_a_table(built):
    for report in built.reports:
        rows = {row for table in report.feeds.split(", ") for row in built[table]["row"]}
        prefix = f"{report.file}:{report.sheet}:"
        cells = [row.removeprefix(prefix) for row in rows if row.startswith(prefix)]
        numbers = {cell.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for cell in cells}
        # An action that was taken from an end note stands in the table too; the note is set aside.
        notes = set(map(str, report.aside.get("note below the table", ())))
        assert len(numbers - notes) == report.kept, str(report)


@pytest.mark.parametrize(("file", "table"), [("periods.csv", "periods"), ("untc_xxvi_6.xlsx", "treaty_actions")])
def test_without_what_all_rests_on_no_table_is_made(tmp_path, file, table):
    raw = copy_ground(tmp_path, [other for other in GROUND if other != file])
    with pytest.raises(ProblemsFound, match=f"no row for the table {table}"):
        build.build(raw)
