"""What the reconciliation says beside a match: on what it rests, and with what it does not go together."""

import pandas as pd
import pytest

from ccmlib.figures import reconcile
from ccmlib.figures.relations import Printed, tensions

REPORT = "6MSP report, para 30 (g)"


def tension(*printed, computed=None):
    rows = [Printed(n, *row) for n, row in enumerate(printed)]
    return tensions(rows, computed or {}, str)


def test_parts_that_make_more_than_the_whole_are_told_at_each_part():
    parts = [
        ("a", "legislation_total", "25"),
        ("b", "legislation_existing_sufficient", "28"),
        ("c", "legislation_in_development", "5"),
        ("d", "legislation_progress_unclear", "44"),
    ]
    said = tension(*parts, ("e", "states_parties", "100"))
    assert set(said) == {0, 1, 2, 3}
    assert "make 102, of 100 (states_parties, e)" in said[0][0]
    assert tension(*parts, ("e", "states_parties", "102")) == {}


def test_parts_that_make_the_whole_exactly():
    rows = [("a", "states_parties", "100"), ("b", "signatories", "18")]
    assert set(tension(*rows, ("c", "joined_total", "119"))) == {0, 1, 2}
    assert tension(*rows, ("d", "signatories", "19"), ("c", "joined_total", "119")) == {}


def test_a_list_is_within_that_of_the_figure_whose_name_it_begins_with():
    rows = [
        ("para 30", "assistance_provided_clearance", "2", ("AUS", "LIE")),
        ("para 47", "assistance_provided", "1", ("AUS",)),
    ]
    assert tension(*rows) == {0: ["para 30 names LIE, not in para 47"]}
    assert tension(("para 30", "assistance_provided_earlier_years", "1", ("LIE",)), rows[1]) == {}


def test_a_part_is_no_more_than_its_whole():
    rows = [("para 16", "retention_reported", "6"), ("Table 2", "retaining", "5")]
    said = "6 (para 16) are more than the 5 of Table 2, of which they are a part"
    assert tension(*rows, computed={"retaining": {"states": ["BEL"]}}) == {0: [said], 1: [said]}
    assert tension(rows[0], ("Table 2", "retaining", "6")) == {}


def test_the_data_s_list_stands_in_for_one_that_is_not_printed():
    row = ("para 25", "assistance_requested_clearance", "1", ("PLW",))
    computed = {"assistance_requested": {"states": ["TCD"]}}
    assert tension(row, computed=computed) == {0: ["para 25 names PLW, not in assistance_requested"]}


def test_a_count_by_a_day_holds_no_later_day():
    rows = [("para 57", "article7_reports_due", "2"), ("para 57", "annual_report_due_on", "2016-04-30")]
    days = {"initial_reports_due": {"dates": {"AFG": "2012-08-28", "SVK": "2016-06-29"}}}
    assert tension(*rows, computed=days) == {
        0: ["on 2016-04-30 the treaty had made it 1: SVK (2016-06-29) came due later"]
    }


@pytest.mark.parametrize(
    ("table", "source", "ref", "basis"),
    [
        ("disclosures", REPORT, "para 30(g)", reconcile.SAME),
        ("disclosures", REPORT, "Table 4", reconcile.ANOTHER),
        ("disclosures", "6MSP report, paras 29-31", "para 30", reconcile.SAME),
        ("reports", "6MSP report, paras 53-55 by complement: 93 due less 18", "para 54", reconcile.COMPLEMENT),
        ("disclosures", f"{REPORT}; http://the-monitor.org", "para 30(g)", reconcile.OTHER),
        ("treaty_actions", "UN Treaty Collection", "para 3", reconcile.TREATY),
        ("treaty_actions", "6MSP report, para 3", "para 3", reconcile.SAME),
    ],
)
def test_a_match_says_what_it_rests_on(table, source, ref, basis):
    row = {
        "period": "6MSP",
        "ref": ref,
        "section": "x",
        "statement": "s",
        "value": "1",
        "value_kind": "number",
        "states": "",
        "figure_id": "f",
    }
    figure = {"value": 1, "states": ["AFG"], "rows": ["a:1"], "note": ""}
    places = reconcile.places({table: pd.DataFrame({"row": ["a:1"], "source": [source]})})
    result = reconcile.reconcile(pd.DataFrame([row]), {"f": figure}, str, places)
    assert result["basis"].tolist() == [basis]
    assert reconcile.bases(result) == {basis: 1}


@pytest.mark.parametrize(
    ("value", "kind", "basis"),
    [
        ("7", "number", reconcile.PRINTED_ONLY),
        ("0", "number", reconcile.A_ZERO),
        ("2018", "year", reconcile.A_DATE),
    ],
)
def test_what_cannot_be_itemised_is_of_three_kinds(value, kind, basis):
    row = {
        "ref": "para 1",
        "section": "x",
        "statement": "s",
        "value": value,
        "value_kind": kind,
        "states": "",
        "figure_id": "f",
    }
    assert reconcile.reconcile(pd.DataFrame([row]), {})["basis"].tolist() == [basis]


def test_two_parts_that_differ_by_as_much_are_told_together():
    rows = pd.DataFrame(
        [
            {
                "ref": ref,
                "section": "x",
                "statement": "s",
                "value": value,
                "value_kind": "number",
                "states": "",
                "figure_id": key,
            }
            for ref, key, value in [
                ("para 57", "article7_reports_submitted", "51"),
                ("para 57", "article7_reports_missing", "42"),
            ]
        ]
    )
    computed = {
        key: {"value": value, "states": [], "note": ""}
        for key, value in [("article7_reports_submitted", 52), ("article7_reports_missing", 41)]
    }
    explained = reconcile.reconcile(rows, computed)["explanation"]
    assert all("differs by as much the other way" in text for text in explained)
