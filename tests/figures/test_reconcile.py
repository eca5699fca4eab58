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
    return {"figure_id": "f", "value": figures.plain(value), "states": list(states), "note": note}


def test_same_value_and_same_states_match():
    row = outcome([("para 1", "x", "s", "2", "number", "LBN;AFG", "f")], figure(2, ["AFG", "LBN"]))
    assert row["status"] == "matches"
    assert row["explanation"] == ""


def test_a_value_without_names_matches_on_the_value_alone():
    assert outcome([("para 1", "x", "s", "2", "number", "", "f")], figure(2, ["AFG", "LBN"]))["status"] == "matches"


def test_other_value_differs_and_says_both_with_the_note():
    row = outcome([("para 1", "x", "s", "3", "number", "", "f")], figure(2, ["AFG", "LBN"], note="Because."))
    assert row["status"] == "differs"
    assert row["explanation"] == "The report prints 3; the rows give 2. Because."


def test_same_value_other_states_differs_and_names_them():
    row = outcome([("para 1", "x", "s", "2", "number", "AFG;MRT", "f")], figure(2, ["AFG", "LBN"]))
    assert row["status"] == "differs"
    assert row["explanation"] == "Only the report names Mauritania. Only the rows name Lebanon."


def test_no_rows_is_not_itemised():
    for computed in (None, figure(None)):
        row = outcome([("para 1", "x", "s", "12", "number", "", "f")], computed)
        assert row["status"] == "not itemised"
        assert row["computed_value"] == ""


def test_the_report_against_itself():
    rows = [("II (b)", "x", "s", "11", "number", "", "f"), ("Table 5", "x", "s", "12", "number", "", "f")]
    assert "The report itself also prints 12 in Table 5." in outcome(rows, None)["explanation"]


def test_dates_compare_to_the_precision_printed():
    deadline = figure(pd.Timestamp(2020, 3, 1))
    assert outcome([("para 12", "x", "s", "2020-03", "date", "", "f")], deadline)["status"] == "matches"
    assert outcome([("para 12", "x", "s", "2020", "year", "", "f")], deadline)["status"] == "matches"
    assert outcome([("para 12", "x", "s", "2020-04", "date", "", "f")], deadline)["status"] == "differs"


def test_summary_counts_every_row_once():
    rows = [
        ("para 1", "x", "s", "2", "number", "", "f"),
        ("para 2", "x", "s", "3", "number", "", "f"),
        ("para 3", "x", "s", "4", "number", "", "g"),
    ]
    result = reconcile.reconcile(published(*rows), {"f": figure(2)}, NAMES.get)
    assert reconcile.summary(result) == {"matches": 1, "differs": 1, "not itemised": 1}
