import dataclasses
import datetime as dt

import pytest
from raw_copies import one

from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problem, Problems
from ccmlib.ingest import layouts, sheets
from ccmlib.ingest.cells import Sheet, Workbook

NAMES = StateNames.from_raw()
HEADER = ["State", "Calendar year", "Submitted", "Remarks", "Source"]
DATA = [
    ["Chad", 2015.0, "5 Mar 2016", "", "6MSP report, para 21"],
    ["Lao PDR", 2015.0, "6 Mar 2016", "late", "6MSP report, para 21"],
    ["Niger", 2014.0, "7 Mar 2015", "", "6MSP report, para 21"],
]
NOTES = [["", "", "", "", ""], ["Notes", "", "", "", ""], ["* Chad: two dates", "", "", "", ""]]
LOG = layouts.load("article7_log")


def read(rows, merged=(), names=("Annual reports",), formats=None, kind="xlsx", more=()):
    """Read one sheet of the Article 7 log, given as rows of cells."""
    of_log = layouts.Layout("article7_log", tuple(rule for rule in LOG.sheets if rule.sheet == ("Annual reports",)))
    found = [Sheet(name, [list(row) for row in rows], list(merged), formats or {}) for name in names]
    problems = Problems()
    result = sheets.read_workbook(Workbook("log.xlsx", kind, [*found, *more]), of_log, NAMES, {}, problems)
    return (result[0] if result else None), problems


def states(rows):
    return rows.frame["iso3"].tolist()


@pytest.mark.parametrize("above", [0, 1, 3, 12])
def test_the_header_is_found_wherever_it_stands(above):
    rows, problems = read([["Title", "", "", "", ""]] * above + [HEADER, *DATA])
    assert not problems
    assert states(rows) == ["TCD", "LAO", "NER"]
    assert rows.row_ids.tolist()[0] == f"log.xlsx:Annual reports:{above + 2}"


def test_columns_may_stand_in_any_order_and_labels_in_any_case():
    order = [4, 2, 0, 3, 1]
    rows, problems = read([[row[at] for at in order] for row in [HEADER, *DATA]])
    assert not problems
    assert states(rows) == ["TCD", "LAO", "NER"]
    assert rows.letters["iso3"] == "C"
    assert read([[" STATE ", "calendar  year*", "Submitted", "Remarks", "Source"], *DATA])[1].text() == "0 problems"


def test_every_row_is_kept_or_set_aside_with_a_reason():
    rows, _ = read([["Title", "", "", "", ""], ["", "", "", "", ""], HEADER, *DATA, *NOTES], merged=[(0, 0, 0, 4)])
    report = rows.report
    assert report.aside == {"title": [1], "header": [3], "note below the table": [8, 9]}
    assert (report.read, report.kept) == (7, 3)
    assert report.read == report.kept + sum(map(len, report.aside.values()))
    assert str(report) == (
        "log.xlsx, Annual reports: 7 rows read, 3 kept for reports; "
        "set aside: title: row 1; header: row 3; note below the table: rows 8-9"
    )
    assert rows.below == [(8, "Notes"), (9, "* Chad: two dates")]


def test_a_blank_row_inside_the_table_loses_nothing():
    rows, problems = read([HEADER, DATA[0], ["", "", "", "", ""], *DATA[1:], *NOTES])
    assert not problems
    assert states(rows) == ["TCD", "LAO", "NER"]


def test_a_row_below_the_notes_is_data_and_not_lost():
    rows, problems = read([HEADER, *DATA[:2], *NOTES, DATA[2]])
    assert "NER" in states(rows)
    assert {problem.found for problem in problems} == {"", "Notes", "* Chad: two dates"}


def test_notes_may_follow_without_a_blank_row():
    rows, problems = read([HEADER, *DATA, ["Note: only reports with a date", "", "", "", ""]])
    assert not problems
    assert rows.report.aside["note below the table"] == [5]


def test_notes_may_have_their_marker_in_a_cell_of_its_own():
    rows, problems = read([HEADER, *DATA, ["", "", "", "", ""], ["*", "two dates", "", "", ""]])
    assert not problems
    assert rows.report.aside["note below the table"] == [6]


def test_a_totals_row_is_no_state():
    rows, problems = read([HEADER, *DATA, ["Total", 3.0, "", "", ""]])
    assert not problems
    assert rows.report.aside["total"] == [5]


def test_a_total_that_the_rows_do_not_give_is_named():
    received = layouts.load("article6_cooperation").sheets[2]
    header = ["State", "Information on assistance received (para 46)", "Remarks", "Source"]
    data = [["Chad", "x", "", "6MSP report, para 46"], ["Lebanon", "x", "", "6MSP report, para 46"]]
    for stated, wrong in ((2.0, 0), (3.0, 1)):
        problems = Problems()
        sheet = Sheet("Received", [header, *data, ["Total", stated, "", ""]])
        sheets.read_sheet(Workbook("a6.xlsx", "xlsx", []), sheet, received, "article6_cooperation", NAMES, {}, problems)
        assert len(problems) == wrong
    assert (one(problems).cell, one(problems).expected) == ("B4", "2, as the rows above give")


def test_a_repeated_header_is_no_state():
    rows, problems = read([HEADER, DATA[0], HEADER, *DATA[1:]])
    assert not problems
    assert rows.report.aside["header again"] == [3]


def test_a_heading_merged_over_the_table_is_no_state_but_a_state_so_merged_is_named():
    rows, problems = read([HEADER, ["States Parties", "", "", "", ""], *DATA], merged=[(1, 0, 1, 4)])
    assert not problems
    assert rows.report.aside["heading across the table"] == [2]
    _, problems = read([HEADER, ["Mali", "", "", "", ""], *DATA], merged=[(1, 0, 1, 4)])
    assert any("merged cells A2:E2" in problem.found for problem in problems)


def test_merged_cells_in_the_table_are_named():
    problem = one(read([HEADER, *DATA], merged=[(1, 3, 2, 3)])[1])
    assert (problem.cell, problem.found) == ("D2", "merged cells D2:D3")


def test_a_header_of_two_lines():
    upper = ["State", "Report", "", "Remarks", "Source"]
    labels = layouts.ColumnRule("submitted", ("Report Submitted",), "span")
    rule = LOG.sheets[1]
    columns = tuple(column if column.field != "submitted" else labels for column in rule.columns)
    year = layouts.ColumnRule("covers_year", ("Report Calendar year",), "year")
    columns = tuple(column if column.field != "covers_year" else year for column in columns)
    two = layouts.SheetRule(rule.sheet, rule.feeds, columns, shape="reports")
    problems = Problems()
    lower = ["", "Calendar year", "Submitted", "", ""]
    sheet = Sheet("Annual reports", [["Title", "", "", "", ""], upper, lower, *DATA], [(1, 1, 1, 2)])
    rows = sheets.read_sheet(Workbook("log.xlsx", "xlsx", []), sheet, two, "article7_log", NAMES, {}, problems)
    assert not problems
    assert rows.report.aside == {"title": [1], "header": [2, 3]}
    assert rows.frame["covers_year"].tolist() == [2015, 2015, 2014]


def test_no_header_at_all_is_named_with_what_was_wanted():
    rows, problems = read(DATA)
    assert rows is None
    assert one(problems).expected == "a header row: State, Calendar year, Submitted, Remarks, Source"


def test_a_missing_column_is_named_with_the_nearest_label():
    problem = one(read([["State", "Calender year", "Submitted", "Remarks", "Source"], *DATA])[1])
    assert (problem.cell, problem.found, problem.suggestion) == ("row 1", "Calender year", "Calendar year")


def test_an_unknown_column_and_one_that_is_there_twice_are_named():
    problem = one(read([[*HEADER, "Checked"], *[[*row, "ok"] for row in DATA]])[1])
    assert (problem.cell, problem.found) == ("F1", "Checked")
    assert "article7_log.yml" in problem.suggestion
    problem = one(read([[*HEADER, "Remarks"], *[[*row, ""] for row in DATA]])[1])
    assert (problem.cell, problem.expected) == ("F1", "the label once; it also stands in column D")


def test_shifted_cells_are_named():
    shifted = ["Mali", "", 2015.0, "5 Mar 2016", "", "6MSP report, para 21"]
    found = {problem.cell for problem in read([HEADER, *DATA, shifted])[1]}
    assert found == {"B5", "E5", "F5"}


def test_a_remark_beside_the_table_is_named():
    problem = one(read([HEADER, DATA[0], [*DATA[1], "", "check!"], DATA[2]])[1])
    assert (problem.cell, problem.found) == ("G3", "check!")


def test_an_empty_cell_that_must_be_filled_is_named():
    problem = one(read([HEADER, ["", 2015.0, "5 Mar 2016", "x", "6MSP report"], *DATA[1:]])[1])
    assert (problem.cell, problem.expected) == ("A2", "a value for State")


def test_the_same_row_twice_is_named():
    problem = one(read([HEADER, *DATA, DATA[0]])[1])
    assert (problem.cell, problem.suggestion) == ("A5", "compare with row 2")


def test_a_percentage_where_a_number_is_wanted_is_named():
    areas = layouts.load("article4_clearance").sheets[2]
    header = ["State", "Calendar year or as of", "What", "Quantity", "Unit", "Publisher", "Source"]
    row = ["Chad", 2015.0, "area cleared", 0.85, "km2", "Mine Action Review", "http://www.mineactionreview.org"]
    problems = Problems()
    sheet = Sheet("Areas", [header, row], formats={"D2": "percent"})
    sheets.read_sheet(Workbook("article4.xlsx", "xlsx", []), sheet, areas, "article4_clearance", NAMES, {}, problems)
    assert one(problems).suggestion == "85 with the unit percent"


def test_a_cell_that_only_seems_to_hold_a_value_is_named():
    fault = Problem("log.xlsx", "Annual reports", "C2", "#REF!", "a value, not an error")
    sheet = Sheet("Annual reports", [HEADER, ["Chad", 2015.0, "", "", "6MSP report"]], faults=[fault])
    problems = Problems()
    sheets.read_sheet(Workbook("log.xlsx", "xlsx", []), sheet, LOG.sheets[1], "article7_log", NAMES, {}, problems)
    assert fault in list(problems)


def test_a_missing_sheet_is_named_with_the_nearest():
    rows, problems = read([HEADER, *DATA], names=("Anual reports",), more=[Sheet("Draft", [["x"]])])
    assert rows is None
    assert next(problem.suggestion for problem in problems) == 'rename the sheet "Anual reports"'


def test_an_unknown_sheet_is_named_unless_it_is_empty():
    _, problems = read([HEADER, *DATA], more=[Sheet("Sheet2", []), Sheet("Draft", [["x"]])])
    assert one(problems).sheet == "Draft"


def test_rows_that_all_end_in_a_separator_are_read():
    rows, problems = read([HEADER, *([*row, ""] for row in DATA), []], kind="csv")
    assert not problems
    assert states(rows) == ["TCD", "LAO", "NER"]


def test_a_separator_too_many_in_one_row_is_named():
    """The cells after it moved, and where columns take any text nothing else would tell."""
    _, problems = read([HEADER, *DATA[:2], [*DATA[2][:3], "", *DATA[2][3:]]], kind="csv")
    problems = [problem for problem in problems if problem.cell == "row 4"]
    assert [(problem.found, problem.expected) for problem in problems] == [("6 values", "5, as the header has")]


def test_a_sheet_without_data_gives_no_rows():
    rows, problems = read([["Title"], HEADER])
    assert not problems
    assert len(rows.frame) == 0


@pytest.mark.parametrize("row", [["Chad", "2015", "5 Mar 2016", ""], ["Chad", "2015", "5 Mar 2016", "", "x", "y"]])
def test_a_row_of_a_text_file_with_more_or_fewer_values_than_the_header_is_named(row):
    problem = next(iter(read([HEADER, DATA[1], row], kind="csv")[1]))
    assert (problem.cell, problem.found) == ("row 3", f"{len(row)} values")


def test_dates_up_to_the_twelfth_beside_texts_of_later_days_are_named():
    days = [dt.datetime(2016, 1, 3), dt.datetime(2016, 5, 3), "25/03/2016"]
    rows = [[name, 2015.0, day, "", "x"] for name, day in zip(("Chad", "Niger", "Mali"), days, strict=True)]
    problem = one(read([HEADER, *rows])[1])
    assert problem.cell == "column C"
    assert problem.found == "2 dates with days up to 12 only, beside texts such as 25/03/2016"
    right = [rows[0], ["Niger", 2015.0, dt.datetime(2016, 5, 23), "", "x"], rows[2]]
    assert not read([HEADER, *right])[1]


@pytest.mark.parametrize(
    ("said", "cell", "found"),
    [
        ("struck", "A2", "Chad shown as struck through"),
        ("raised", "B2", "2015 shown as a value with a raised footnote number"),
        ("year", "C2", "5 Mar 2016 shown as its year only"),
        ("unshown", "D3", "late shown as nothing, by the format ;;;"),
    ],
)
def test_what_the_format_of_a_cell_says_beside_its_value_is_named(said, cell, found):
    problem = one(read([HEADER, *DATA], formats={cell: said, "A9": said})[1])
    assert (problem.cell, problem.found) == (cell, found)


def test_rows_that_the_layout_skips_are_set_aside():
    rule = dataclasses.replace(LOG.sheets[1], skip=("#*", "Africa"))
    sheet = Sheet("Annual reports", [HEADER, ["#country", "#date", "", "", "#meta"], ["AFRICA", "", "", "", ""], *DATA])
    problems = Problems()
    rows = sheets.read_sheet(Workbook("log.xlsx", "xlsx", []), sheet, rule, "article7_log", NAMES, {}, problems)
    assert not problems
    assert rows.report.aside["skipped by the layout"] == [2, 3]
    assert states(rows) == ["TCD", "LAO", "NER"]


def test_a_cell_that_is_wrong_is_told_once():
    problems = Problems()
    for found in ("x", "y"):
        problems.add("log.xlsx", "S", "B2", found=found)
    assert one(problems).found == "x"
