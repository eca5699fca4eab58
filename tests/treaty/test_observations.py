"""From tidy tables to answers: membership, reports and obligations, on small tables made by hand."""

from functools import cache

import pandas as pd
import pytest

from ccmlib.figures.counting import Counts
from ccmlib.treaty import observations, on_day, standings
from ccmlib.treaty.facts import Facts

ACTIONS = [
    ("NOR", "signature", "2008-12-03"), ("NOR", "ratification", "2008-12-03"), ("CUB", "accession", "2016-04-06"),
    ("AGO", "signature", "2008-12-03"), ("LTU", "signature", "2008-12-03"), ("LTU", "ratification", "2011-03-24"),
    ("LTU", "withdrawal", "2025-03-06"), ("JPN", "signature", "2008-12-03"), ("JPN", "acceptance", "2009-07-14"),
]
DAYS = {"date", "from_on", "to_on", "start", "end", "submitted_on", "submitted_from", "submitted_by", "since", "ended",
        "deadline_on", "decided_on", "known_on", "as_of", "first_on", "last_on", "said_on"}
COVERAGE = [("treaty_actions", None, "2008-12-03", "2025-06-30"), ("initial_reports", None, "2015-09-11", "2016-06-30"),
            ("annual_reports", 2015, "2016-06-30", "2016-06-30")]
JAPAN = ("JPN", "initial", None, "2011-01-28", None, None)
OBLIGATIONS = [("NOR", 3, "2010-08-01", "2012-05-01", "day", "destroyed"), ("JPN", 3, "2010-08-01", None, "", ""),
               ("LTU", 3, "2011-09-01", "2018-07-31", "month", "destroyed"),
               ("NOR", 4, "2010-08-01", None, "", ""), ("NOR", 5, "2010-08-01", None, "", "")]
PRINTED = [("NOR", 4, "published", "2020-08-01", None, "2016-06-30"),
           ("NOR", 3, "published", "2018-08-01", None, "2011-06-30")]


def frame(columns, rows, file):
    made = pd.DataFrame(rows, columns=columns.split())
    for column in DAYS & set(made):
        made[column] = pd.to_datetime(made[column]).astype("datetime64[us]")
    made["covers_year"] = made["covers_year"].astype("Int64") if "covers_year" in made else pd.NA
    return made.assign(source=file, row=[f"{file}:s:{number}" for number in range(len(made))])


def facts(**more):
    """Give what follows from the rows above and from some more; of the same rows it is made once."""
    return _facts(**{name: tuple(rows) for name, rows in more.items()})


@cache
def _facts(reports=(), deadlines=(), said=(), obligations=(), told=()):
    tables = {
        "states": frame("iso3 iso2 name_un_2016 name_un regional_group un_member", [
            (iso3, iso3[:2], iso3, iso3, "none", True) for iso3 in (
            "AGO", "CUB", "JPN", "LTU", "NOR", "USA")], "states"),
        "treaty_actions": frame("iso3 action date", ACTIONS, "UNTC"),
        "reports": frame("iso3 kind covers_year submitted_on submitted_from submitted_by", [JAPAN, *reports], "log"),
        "obligations": frame("iso3 article since ended ended_precision end_kind", [*OBLIGATIONS, *obligations], "art3"),
        "deadlines": frame("iso3 article kind deadline_on decided_on known_on", [*PRINTED, *deadlines], "art3"),
        "disclosures": frame("iso3 covers_year article indicator value text as_of publisher", [*told], "told"),
        "coverage": frame("subject covers_year from_on to_on", COVERAGE, "sources.yml:log"),
        "observations": frame("iso3 question year answer first_on last_on became basis said_on publisher", [
            (*row, "said", row[5], "Monitor") for row in said], "said"),
        "periods": frame("period start end annual_report_year", [
            ("6MSP", "2015-09-12", "2016-06-30", 2015), ("13MSP", "2024-07-01", "2025-06-30", 2024)], "p"),
    }
    said = observations.gather(tables)
    return Facts(tables | {"standings": standings.spells(said), "last_words": standings.last_words(said)})


def answer(known, question, iso3, on, year=None):
    found = known.ask(question, [pd.Timestamp(on)], year)
    at = known.record.place[iso3]
    return True if found.sure[at, 0] else None if found.possible[at, 0] else False


@pytest.mark.parametrize(("question", "iso3", "on", "expected"), [
    ("state_party", "CUB", "2016-04-05", False), ("state_party", "CUB", "2016-04-06", True),
    ("in_force", "CUB", "2016-09-30", False), ("in_force", "CUB", "2016-10-01", True),
    ("state_party", "LTU", "2025-03-05", True), ("state_party", "LTU", "2025-03-06", False),
    ("signatory", "LTU", "2008-12-02", False), ("signatory", "LTU", "2008-12-03", True),
    ("signatory", "LTU", "2011-03-23", True), ("signatory", "LTU", "2011-03-24", False),
    ("signatory", "LTU", "2025-03-06", False),  # who withdraws is no signatory again
    ("state_party", "USA", "2025-06-30", False), ("state_party", "USA", "2025-07-01", None),
    ("signatory", "AGO", "2025-06-30", True), ("signatory", "AGO", "2025-07-01", None),
    ("state_party", "NOR", "2025-12-29", True), ("state_party", "NOR", "2025-12-31", None),  # a notice takes six months
])
def test_party_from_deposit_to_withdrawal_and_no_longer_than_is_told(question, iso3, on, expected):
    assert answer(facts(), question, iso3, on) is expected


@pytest.mark.parametrize(("submission", "on", "expected"), [
    (("2012-01-27", None, None), "2012-01-27", True),
    (("2012-01-27", None, None), "2012-01-26", False),  # came later, so it was not in
    ((None, "2015-09-12", "2016-06-30"), "2016-06-30", True),
    ((None, "2015-09-12", "2016-06-30"), "2015-09-11", False),
    ((None, "2015-09-12", "2016-06-30"), "2016-01-01", None),  # some day of the period
    ((None, None, "2015-09-11"), "2014-01-01", None),
    ((None, None, "2015-09-11"), "2015-09-11", True),
    (None, "2016-06-30", False),
    (None, "2013-01-01", False),  # not in at the end of the log, so never before
    (None, "2016-07-01", None),  # the log does not reach that day
])
def test_an_initial_report_is_in_not_in_or_not_known(submission, on, expected):
    known = facts(reports=[] if submission is None else [("NOR", "initial", None, *submission)])
    assert answer(known, "initial_report_submitted", "NOR", on) is expected


def overdue(figure_id, known, on):
    found = Counts(known).series(figure_id, [pd.Timestamp(on)], ["NOR"]).iloc[0]
    return {1: True, 0: False}.get(found["value"])


@pytest.mark.parametrize(("initial", "annual", "on", "expected"), [
    ("2011-01-20", None, "2016-06-30", True), ("2011-01-20", "2016-04-30", "2016-06-30", False),
    ("2011-01-20", "2016-07-14", "2016-06-30", True), ("2011-01-20", None, "2016-07-01", None),
    (None, None, "2016-06-30", False),  # who owes the initial report owes that
    ("2015-09-12", None, "2016-06-30", False),  # an initial report of the period stands for the period
    ("2015-09-11", None, "2016-06-30", True),
])
def test_an_annual_report_is_overdue_after_its_day_where_it_is_owed(initial, annual, on, expected):
    rows = [("NOR", kind, year, when, None, None) for kind, year, when in (
        ("initial", None, initial), ("annual", 2015, annual)) if when]
    assert overdue("annual_reports_overdue", facts(reports=rows), on) is expected


def test_a_report_on_another_year_is_not_the_one_due():
    rows = [("NOR", "initial", None, "2011-01-20", None, None), ("NOR", "annual", 2014, "2015-04-30", None, None)]
    assert overdue("annual_reports_overdue", facts(reports=rows), "2016-06-30") is True


@pytest.mark.parametrize(("iso3", "on", "expected"), [
    ("NOR", "2012-04-30", "open"), ("NOR", "2012-05-01", "ended"), ("LTU", "2018-06-30", "open"),
    ("LTU", "2018-07-15", "unknown"), ("LTU", "2018-07-31", "ended"), ("JPN", "2010-08-01", "open"),
])
def test_an_obligation_is_open_until_it_can_have_ended_and_ended_from_the_last_day_that_it_can(iso3, on, expected):
    rows = on_day.obligations(facts(), 3, pd.Timestamp(on)).set_index("iso3")
    assert rows.loc[iso3, "standing"] == expected


def test_an_obligation_begins_with_its_day_and_binds_parties_only():
    known = facts()
    assert set(on_day.obligations(known, 3, pd.Timestamp(2011, 8, 31))["iso3"]) == {"NOR", "JPN"}
    assert set(on_day.obligations(known, 3, pd.Timestamp(2025, 3, 6))["iso3"]) == {"NOR", "JPN"}


PLANS = ("CUB", None, 3, "stockpile_planned_completion", None, "end of 2018", "2017-07-01", "Monitor")
CUBA = ("CUB", 3, "2016-10-01", "2019-06-30", "by", "no_longer_held")


@pytest.mark.parametrize(("said", "told", "on", "expected"), [
    ([], [], "2016-10-01", "unknown"),  # "by" a day: it may have ended before the State was bound
    ([("CUB", "art3_open", None, "no", "2018-03-01", "2018-03-31", True)], [], "2016-10-01", "open"),  # ended once bound
    ([("CUB", "art3_open", None, "no", "2016-01-01", "2016-12-31", True)], [], "2016-10-01", "unknown"),
    ([("CUB", "art3_open", None, "no", "2016-03-01", "2016-03-31", True),
      ("CUB", "art3_open", None, "no", "2018-03-01", "2018-03-31", True)], [], "2016-10-01", "unknown"),  # one says earlier
    ([("CUB", "art3_open", None, "yes", "2017-01-01", "2017-12-31", False)], [], "2016-10-01", "open"),  # seen open
    ([("CUB", "art3_open", None, "no", "2018-03-01", "2018-03-31", False)], [], "2018-03-01", "unknown"),
    ([("CUB", "art3_open", None, "no", "2018-03-01", "2018-03-31", False)], [], "2018-03-31", "ended"),  # by then, if ever open
    ([], [PLANS], "2016-10-01", "open"), ([], [PLANS], "2017-07-01", "open"), ([], [PLANS], "2017-07-02", "unknown"),
])
def test_what_was_open_later_or_ended_later_was_open_since_the_state_was_bound(said, told, on, expected):
    known = facts(obligations=[CUBA], said=said, told=told)
    assert on_day.obligations(known, 3, pd.Timestamp(on)).set_index("iso3").loc["CUB", "standing"] == expected


def test_an_annual_report_says_that_the_initial_one_was_in_where_no_source_dates_it():
    came = ("NOR", "annual_report_received_in", 2013, "yes", "2013-04-01", "2013-04-30", True)
    log = ("NOR", "initial", None, None, None, "2015-09-11")
    assert answer(facts(reports=[log]), "initial_report_submitted", "NOR", "2014-01-01") is None
    assert answer(facts(reports=[log], said=[came]), "initial_report_submitted", "NOR", "2013-04-30") is True
    assert answer(facts(reports=[log], said=[came]), "initial_report_submitted", "NOR", "2013-04-29") is None
    dated = ("NOR", "initial", None, "2014-05-01", None, None)
    assert answer(facts(reports=[dated], said=[came]), "initial_report_submitted", "NOR", "2013-04-30") is False


def test_after_the_last_word_an_obligation_is_not_known_and_its_last_word_is_open():
    known = facts(deadlines=[("JPN", 3, "published", "2018-08-01", None, "2016-06-30")])
    japan = on_day.obligations(known, 3, pd.Timestamp(2019, 1, 1)).set_index("iso3").loc["JPN"]
    assert (japan["standing"], japan["last_word"], japan["heard_on"]) == ("unknown", "open", pd.Timestamp(2016, 6, 30))
    assert not japan["passed"]
    assert pd.isna(japan["days_left"])


def test_passed_needs_a_word_of_after_the_deadline_that_it_was_still_open():
    known = facts(deadlines=[("JPN", 3, "published", "2018-08-01", None, "2018-12-31")])
    japan = on_day.obligations(known, 3, pd.Timestamp(2018, 12, 31)).set_index("iso3").loc["JPN"]
    assert (japan["standing"], japan["passed"]) == ("open", True)
    assert japan["days_left"] == -152
