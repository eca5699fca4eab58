"""Published against computed: each outcome, and the reason in words."""

import pandas as pd

from ccmlib.figures import figure as figures
from ccmlib.figures import reconcile

NAMES = {"LBN": "Lebanon", "MRT": "Mauritania", "AFG": "Afghanistan"}


def published(*rows):
    columns = ["ref", "section", "statement", "value", "value_kind", "states", "figure_id"]
    return pd.DataFrame(rows, columns=columns)


def outcome(rows, figure, place=0):
    computed = {} if figure is None else {figure["figure_id"]: figure}
    return reconcile.reconcile(published(*rows), computed, NAMES.get).iloc[place]


def figure(value, states=(), note=""):
    return {"figure_id": "art4_ever", "value": figures.plain(value), "states": list(states), "note": note}


def test_same_value_and_same_states_match():
    row = outcome([("para 1", "x", "s", "2", "number", "LBN;AFG", "art4_ever")], figure(2, ["AFG", "LBN"]))
    assert row["status"] == "matches"
    assert row["explanation"] == ""


def test_a_value_without_names_matches_on_the_value_alone():
    assert outcome([("para 1", "x", "s", "2", "number", "", "art4_ever")], figure(2, ["AFG", "LBN"]))["status"] == "matches"


def test_other_value_differs_and_says_both_with_the_note():
    row = outcome([("para 1", "x", "s", "3", "number", "", "art4_ever")], figure(2, ["AFG", "LBN"], note="Because."))
    assert row["status"] == "differs"
    assert row["explanation"] == "The report prints 3; the rows give 2. Because."


def test_same_value_other_states_differs_and_names_them():
    row = outcome([("para 1", "x", "s", "2", "number", "AFG;MRT", "art4_ever")], figure(2, ["AFG", "LBN"]))
    assert row["status"] == "differs"
    assert row["explanation"] == "Only the report names Mauritania. Only the rows name Lebanon."


def test_no_rows_is_not_itemised():
    for computed in (None, figure(None)):
        row = outcome([("para 1", "x", "s", "12", "number", "", "art4_ever")], computed)
        assert row["status"] == "not itemised"
        assert row["computed_value"] == ""


def test_the_report_against_itself():
    rows = [("II (b)", "x", "s", "11", "number", "", "art4_ever"), ("Table 5", "x", "s", "12", "number", "", "art4_ever")]
    assert "The report itself also prints 12 in Table 5." in outcome(rows, None)["explanation"]


def test_dates_compare_to_the_precision_printed():
    deadline = figure(pd.Timestamp(2020, 3, 1))
    assert outcome([("para 12", "x", "s", "2020-03", "date", "", "art4_ever")], deadline)["status"] == "matches"
    assert outcome([("para 12", "x", "s", "2020", "year", "", "art4_ever")], deadline)["status"] == "matches"
    assert outcome([("para 12", "x", "s", "2020-04", "date", "", "art4_ever")], deadline)["status"] == "differs"


def test_every_row_has_an_outcome():
    rows = [
        ("para 1", "x", "s", "2", "number", "", "art4_ever"),
        ("para 2", "x", "s", "3", "number", "", "art4_ever"),
        ("para 3", "x", "s", "4", "number", "", "norm_informal_meetings"),
    ]
    result = reconcile.reconcile(published(*rows), {"art4_ever": figure(2)}, NAMES.get)
    assert list(result["status"]) == ["matches", "differs", "not itemised"]


def ledger(rows, computed, days=None):
    """Reconcile rows of ref, figure_id, value and States, and give the rows by figure_id."""
    printed = published(*((ref, "x", "s", value, "number", states, key) for ref, key, value, states in rows))
    figures_by_id = {key: {"value": None, "states": [], "note": "", "rows": []} | record for key, record in computed.items()}
    return reconcile.reconcile(printed, figures_by_id, str, days=days).set_index("figure_id")


def test_the_report_s_own_numbers_explain_one_that_does_not_go_with_them():
    rows = [("II", "art3_remaining", "10", ""), ("para 14", "art3_plan_reported", "5", ""),
            ("II (c)", "art3_plan_not_reported", "8", "")]
    found = ledger(rows, {"art3_plan_not_reported": {"value": 5}})
    assert found.loc["art3_plan_not_reported", "explanation"] == (
        "The report prints 8; the rows give 5. 10 (II) less 5 (para 14) leave 5.")


def test_states_that_are_not_of_the_whole_explain_the_gap():
    computed = {"un_members": {"value": 5, "states": list("ABCDE")}, "joined_total": {"value": 3, "states": ["A", "B", "X"]},
                "un_members_outside": {"value": 3, "states": ["C", "D", "E"]}}
    rows = [("para 3", "joined_total", "3", ""), ("para 4", "un_members_outside", "2", "")]
    told = ledger(rows, computed).loc["un_members_outside", "explanation"]
    assert told.endswith("5 UN Member States less 3 (para 3) leave 2, or 3, as these are not among the 5: X.")
    computed["joined_total"]["states"] = ["A", "B", "C"]
    assert "leave" not in ledger(rows, computed).loc["un_members_outside", "explanation"]


def test_of_two_that_differ_by_as_much_the_parts_of_one_explain_both():
    rows = [("a", "article7_reports_submitted", "51", ""), ("b", "article7_reports_missing", "42", ""),
            ("c", "initial_reports_overdue", "18", ""), ("d", "annual_reports_overdue", "23", "")]
    found = ledger(rows, {"article7_reports_submitted": {"value": 52}, "article7_reports_missing": {"value": 41}})
    assert found.loc["article7_reports_submitted", "explanation"].endswith(
        "The 42 of b differs by as much the other way. 18 (c) + 23 (d) make 41.")
    rows = [("a", "art3_obligations", "39", ""), ("b", "art3_completed", "29", "")]
    found = ledger(rows, {"art3_obligations": {"value": 40}, "art3_completed": {"value": 30}})["explanation"]
    assert found["art3_obligations"].endswith("The 29 of b differs by as much.")


DAYS = pd.DataFrame({"deposit_on": pd.to_datetime(["2015-03-16"] * 4), "initial_report_due_on": pd.to_datetime(
    ["2011-05-30", "2016-02-28", "2015-09-28", "2016-04-29"])}, index=["MLI", "PRY", "GIN", "ZAF"])


def test_a_state_that_only_one_side_names_has_its_day():
    rows = [("para 52", "voluntary_reports_became_parties_in_period", "1", "PRY")]
    told = ledger(rows, {rows[0][1]: {"value": 0}}, DAYS).loc[rows[0][1], "explanation"]
    assert told.endswith("Only the report names PRY (deposit on 16 March 2015).")
    rows = [("para 53", "initial_reports_missed_in_period", "1", "ZAF"),
            ("para 55(e)", "initial_reports_overdue_since_2015", "1", "GIN")]
    told = ledger(rows, {rows[0][1]: {"value": 2, "states": ["ZAF", "GIN"], "dates": {"GIN": "2015-09-28"}}})
    assert told.loc[rows[0][1], "explanation"].endswith("Only the rows name GIN (28 September 2015; named in para 55(e)).")


def test_those_late_when_reminded_are_those_that_then_submitted_and_those_late_to_the_last_that_were_late_by_then():
    rows = [("para 58", "initial_reports_after_letters", "2", "MLI;PRY"),
            ("para 58", "initial_reports_overdue_when_reminded", "3", "")]
    late = {"initial_reports_overdue": {"value": 2, "states": ["GIN", "ZAF"]}}
    row = ledger(rows, late, DAYS).loc["initial_reports_overdue_when_reminded"]
    assert (row["status"], row["computed_value"]) == ("matches", "3")
    assert row["explanation"].startswith("PRY was reminded after 28 February 2016")
    assert row["explanation"].endswith("1 + 2 make 3.")


def test_a_number_that_the_bounds_exclude_differs_and_another_is_not_itemised():
    def told(value):
        computed = {"art4_ever": {"lower": 33, "upper": None, "last_word": 28}}
        return tuple(ledger([("a", "art4_ever", value, "")], computed).loc["art4_ever", ["status", "explanation"]])

    assert told("25") == (
        "differs", "The report prints 25; the records leave it open: at least 33. What had been said up to then makes 28.")
    assert told("40") == ("not itemised", "The report prints 40; the records leave it open: at least 33.")


def test_of_a_list_that_the_records_leave_open_the_states_that_are_not_certain_are_named():
    rows = [("para 58", "initial_reports_after_letters", "2", "MLI;PRY")]
    row = ledger(rows, {rows[0][1]: {"lower": 1, "upper": 2, "states": ["MLI"]}}, DAYS).loc[rows[0][1]]
    assert row["explanation"] == (
        "The report prints 2; the records leave it open: between 1 and 2. "
        "Only the report names PRY (initial report due on 28 February 2016).")
    row = ledger([("para 15", "art4_ever", "2018", "HRV;ESP")], {}).loc["art4_ever"]
    assert row["explanation"] == "The report prints 2018; no record holds it. The report names HRV and ESP."


def test_a_day_whose_eve_is_what_was_printed():
    told = outcome([("a", "x", "s", "2023", "year", "", "art4_ever")], figure(pd.Timestamp(2024, 1, 1)))["explanation"]
    assert told.endswith("The day before, 31 December 2023, falls in 2023.")
