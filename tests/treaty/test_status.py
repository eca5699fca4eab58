"""Who is what on a day, on small tables made by hand; the real 6MSP figures stand in test_6msp.py."""

import pandas as pd
import pytest

from ccmlib.treaty import status


def day(text):
    return pd.Timestamp(text)


def actions(*rows):
    frame = pd.DataFrame(rows, columns=["iso3", "action", "date"])
    frame["date"] = pd.to_datetime(frame["date"]).astype("datetime64[us]")
    return frame.assign(source="UNTC", row=[f"untc.xlsx:Status:{n}" for n in range(len(rows))])


def reports(*rows):
    columns = ["iso3", "kind", "covers_year", "submitted_on", "submitted_from", "submitted_by", "rank"]
    frame = pd.DataFrame(rows, columns=columns)
    for column in ("submitted_on", "submitted_from", "submitted_by"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame.assign(source="log", row=[f"log.xlsx:Initial:{n}" for n in range(len(rows))])


def coverage(*rows):
    frame = pd.DataFrame(rows, columns=["subject", "covers_year", "from_on", "to_on"])
    for column in ("from_on", "to_on"):
        frame[column] = pd.to_datetime(frame[column]).astype("datetime64[us]")
    return frame


TREATY = actions(
    ("NOR", "signature", "2008-12-03"),
    ("NOR", "ratification", "2008-12-03"),
    ("CUB", "accession", "2016-04-06"),
    ("AGO", "signature", "2008-12-03"),
    ("LTU", "signature", "2008-12-03"),
    ("LTU", "ratification", "2011-03-24"),
    ("LTU", "withdrawal", "2025-03-06"),
    ("JPN", "signature", "2008-12-03"),
    ("JPN", "acceptance", "2009-07-14"),
)
COVERAGE = coverage(
    ("initial_reports", None, "2015-09-11", "2016-06-30"), ("annual_reports", 2015, "2016-04-30", "2016-06-30")
)


def test_party_from_the_day_of_deposit():
    assert "CUB" not in set(status.parties(TREATY, day("2016-04-05"))["iso3"])
    cuba = status.parties(TREATY, day("2016-04-06")).set_index("iso3").loc["CUB"]
    assert not cuba["in_force"]
    assert cuba["entry_into_force_on"] == day("2016-10-01")
    assert status.parties(TREATY, day("2016-10-01")).set_index("iso3").loc["CUB", "in_force"]


def test_party_until_withdrawal_takes_effect():
    assert "LTU" in set(status.parties(TREATY, day("2025-03-05"))["iso3"])
    assert "LTU" not in set(status.parties(TREATY, day("2025-03-06"))["iso3"])
    assert list(status.left(TREATY, day("2025-03-06"), day("2025-03-06"))["iso3"]) == ["LTU"]
    assert status.left(TREATY, day("2025-03-07"), day("2026-01-01")).empty


def test_withdrawn_state_is_no_signatory_again():
    assert list(status.signatories(TREATY, day("2025-06-30"))["iso3"]) == ["AGO"]


def test_signatory_from_signature_to_deposit():
    assert "LTU" in set(status.signatories(TREATY, day("2011-03-23"))["iso3"])
    assert "LTU" not in set(status.signatories(TREATY, day("2011-03-24"))["iso3"])
    assert status.signatories(TREATY, day("2008-12-02")).empty
    assert set(status.signatories(TREATY, day("2008-12-03"))["iso3"]) == {"AGO", "LTU", "JPN"}


def test_joined_in_order_of_deposit_both_days_included():
    found = status.joined(TREATY, day("2009-07-14"), day("2016-04-06"))
    assert list(found["iso3"]) == ["JPN", "LTU", "CUB"]
    assert status.joined(TREATY, day("2009-07-15"), day("2011-03-23")).empty


def test_not_party():
    states = pd.DataFrame({"iso3": ["NOR", "AGO", "USA"], "un_member": True, "source": "UN", "row": ["a", "b", "c"]})
    found = status.not_party(states, TREATY, day("2016-06-30"))
    assert found.to_dict("index") == {0: {"iso3": "USA", "un_member": True, "source": "UN", "row": "c"}}


def test_source_is_the_deposit_where_there_is_one():
    rows = status.adherence(TREATY).set_index("iso3")["row"]
    assert rows["NOR"] == "untc.xlsx:Status:1"
    assert rows["AGO"] == "untc.xlsx:Status:3"


def test_consent_to_be_bound_is_named_as_the_depositary_names_it():
    """By ratification, acceptance or approval of a signatory, by accession of any other State (Art. 16)."""
    by = status.adherence(TREATY).set_index("iso3")["deposit_action"].dropna()
    assert by.to_dict() == {"NOR": "ratification", "CUB": "accession", "LTU": "ratification", "JPN": "acceptance"}


ADHERENCE = (
    "iso3 signature_on deposit_on deposit_action entry_into_force_on initial_report_due_on withdrawal_on source row"
).split()
SUBMISSION = "submitted_on submitted_from submitted_by standing".split()


@pytest.mark.parametrize(
    ("function", "days", "iso3", "columns"),
    [
        (status.parties, ["2025-06-30"], "CUB JPN NOR", [*ADHERENCE, "in_force"]),
        (status.signatories, ["2009-07-14"], "AGO LTU", ADHERENCE),
        (status.joined, ["2009-01-01", "2025-01-01"], "JPN LTU CUB", ADHERENCE),
        (status.left, ["2025-01-01", "2025-12-31"], "LTU", ADHERENCE),
    ],
)
def test_tables_have_one_numbered_row_per_state_and_the_columns_they_document(function, days, iso3, columns):
    frame = function(TREATY, *map(day, days))
    assert list(frame["iso3"]) == iso3.split()
    assert list(frame.index) == list(range(len(frame)))
    assert list(frame.columns) == columns


@pytest.mark.parametrize(
    ("submission", "on", "expected"),
    [
        (("2012-01-27", None, None), "2012-01-27", "submitted"),
        (("2012-01-27", None, None), "2012-01-26", "overdue"),  # came later, so it was not in
        ((None, "2015-09-12", "2016-06-30"), "2016-06-30", "submitted"),
        ((None, "2015-09-12", "2016-06-30"), "2015-09-11", "overdue"),
        ((None, "2015-09-12", "2016-06-30"), "2015-09-12", "unknown"),  # perhaps that very day
        ((None, "2015-09-12", "2016-06-30"), "2016-01-01", "unknown"),  # some day of the period
        ((None, None, "2015-09-11"), "2014-01-01", "unknown"),
        ((None, None, "2015-09-11"), "2015-09-11", "submitted"),
        (None, "2016-06-30", "overdue"),
        (None, "2013-01-01", "overdue"),  # not in at the end of the log, so never before
        (None, "2016-07-01", "unknown"),  # the log does not reach that day
        (None, "2010-12-31", "not due"),
        (None, "2011-01-28", "not due"),
        (None, "2011-01-29", "overdue"),
    ],
)
def test_standing_of_an_initial_report(submission, on, expected):
    rows = [] if submission is None else [("NOR", "initial", None, *submission, 1)]
    found = status.initial_reports(TREATY, reports(*rows), COVERAGE, day(on)).set_index("iso3")
    assert found.loc["NOR", "standing"] == expected


def test_each_kind_of_report_and_each_year_has_its_own_log():
    longer = coverage(
        ("initial_reports", None, "2015-09-11", "2016-06-30"),
        ("annual_reports", 2014, "2015-04-30", "2017-06-30"),
        ("annual_reports", 2015, "2016-04-30", "2016-07-31"),
    )
    initial = status.initial_reports(TREATY, reports(), longer, day("2016-07-01"))
    assert set(initial["standing"]) == {"unknown", "not due"}  # Cuba's fell due on 30 March 2017
    log = reports(("NOR", "initial", None, "2011-01-20", None, None, 1))
    ends = day("2016-07-31"), day("2016-08-01")
    annual = [status.annual_reports(TREATY, log, longer, 2015, day("2015-09-12"), on).set_index("iso3") for on in ends]
    assert [frame.loc["NOR", "standing"] for frame in annual] == ["overdue", "unknown"]


def test_a_report_on_another_year_is_not_the_one_due():
    log = reports(
        ("NOR", "initial", None, "2011-01-20", None, None, 1), ("NOR", "annual", 2014, "2015-04-30", None, None, 1)
    )
    found = status.annual_reports(TREATY, log, COVERAGE, 2015, day("2015-09-12"), day("2016-06-30"))
    assert found.set_index("iso3").loc["NOR", "standing"] == "overdue"


def test_a_standing_points_to_the_report_or_else_to_the_deposit():
    log = reports(("NOR", "initial", None, "2011-01-20", None, None, 1))
    found = status.initial_reports(TREATY, log, COVERAGE, day("2016-06-30"))
    assert list(found.columns) == [*ADHERENCE, "in_force", *SUBMISSION]
    sources = found.set_index("iso3")[["source", "row"]].T.to_dict("list")
    assert sources["NOR"] == ["log", "log.xlsx:Initial:0"]
    assert sources["CUB"] == ["UNTC", "untc.xlsx:Status:2"]


def test_where_publishers_disagree_the_first_in_rank_counts():
    log = reports(
        ("NOR", "initial", None, "2014-05-24", None, None, 2),
        ("NOR", "initial", None, None, "2015-09-12", "2016-06-30", 1),
    )
    found = status.initial_reports(TREATY, log, COVERAGE, day("2015-09-11")).set_index("iso3")
    assert found.loc["NOR", "standing"] == "overdue"


def standing_of_annual(on="2016-06-30", initial=("2011-01-20", None, None), annual=None, year=2015):
    rows = [] if initial is None else [("NOR", "initial", None, *initial, 1)]
    rows += [] if annual is None else [("NOR", "annual", year, *annual, 1)]
    found = status.annual_reports(TREATY, reports(*rows), COVERAGE, year, day("2015-09-12"), day(on))
    return dict(zip(found["iso3"], found["standing"], strict=True)).get("NOR")


def test_standing_of_an_annual_report():
    assert standing_of_annual(annual=("2016-04-30", None, None)) == "submitted"
    assert standing_of_annual(annual=(None, None, "2016-06-30")) == "submitted"
    assert standing_of_annual() == "overdue"
    assert standing_of_annual(on="2016-04-30") == "not due"
    assert standing_of_annual(on="2016-05-01") == "overdue"
    assert standing_of_annual(on="2016-07-01") == "unknown"
    assert standing_of_annual(annual=("2016-07-14", None, None)) == "overdue"


def test_no_annual_report_from_a_state_that_owes_its_initial_one():
    assert standing_of_annual(initial=None) is None


def test_initial_report_of_the_period_stands_for_the_period():
    assert standing_of_annual(initial=("2015-09-12", None, None)) is None
    assert standing_of_annual(initial=(None, "2015-09-12", "2016-06-30")) is None
    assert standing_of_annual(initial=("2015-09-11", None, None)) == "overdue"


def test_annual_report_of_a_state_whose_initial_report_is_unknown():
    assert standing_of_annual(initial=(None, None, "2016-07-30")) == "unknown"
    assert standing_of_annual(initial=(None, None, "2016-07-30"), annual=("2016-04-01", None, None)) == "submitted"


def test_first_annual_report_covers_the_year_in_which_the_initial_fell_due():
    log = reports(
        ("NOR", "initial", None, "2011-01-20", None, None, 1), ("JPN", "initial", None, "2011-01-28", None, None, 1)
    )
    years = [
        len(status.annual_reports(TREATY, log, COVERAGE, year, day("2011-05-01"), day("2016-06-30")))
        for year in (2010, 2011)
    ]
    assert years[0] == 0
    assert years[1] >= 2


OBLIGATIONS = pd.DataFrame(
    {
        "iso3": ["NOR", "JPN", "LTU", "AGO"],
        "article": [3, 3, 3, 3],
        "since": pd.to_datetime(["2010-08-01", "2010-08-01", "2011-09-01", "2010-08-01"]).astype("datetime64[us]"),
        "ended": pd.to_datetime(["2012-05-01", None, None, None]).astype("datetime64[us]"),
        "ended_precision": ["day", "", "", ""],
        "end_kind": ["destroyed", "", "", ""],
        "source": "log",
        "row": ["1", "2", "3", "4"],
    }
)


def obligations(on, article=3):
    return status.obligations(OBLIGATIONS, TREATY, article, day(on)).set_index("iso3")


def test_obligation_is_open_until_the_day_it_ended():
    assert obligations("2012-04-30").loc["NOR", "open"]
    assert not obligations("2012-05-01").loc["NOR", "open"]


def test_obligation_starts_at_entry_into_force_and_binds_parties_only():
    assert set(obligations("2011-08-31").index) == {"NOR", "JPN"}
    assert set(obligations("2011-09-01").index) == {"NOR", "JPN", "LTU"}
    assert "LTU" not in obligations("2025-03-06").index


def test_obligations_are_rows_of_the_tidy_table_and_whether_they_are_open():
    found = status.obligations(OBLIGATIONS, TREATY, 3, day("2016-06-30"))
    assert list(found.columns) == [*OBLIGATIONS.columns, "open"]
    assert dict(zip(found["iso3"], found["open"], strict=True)) == {"NOR": False, "JPN": True, "LTU": True}


def test_obligations_of_another_article_are_left_out():
    assert obligations("2016-06-30", article=5).empty
