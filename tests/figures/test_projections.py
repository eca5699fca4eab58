"""Deadlines ahead, and at the pace reported: computed where the exports hold what it takes, refused elsewhere."""

import pandas as pd
import pytest

from ccmlib.figures import projections

END = pd.Timestamp(2016, 6, 30)


def work(facts, day):
    return projections.at_reported_pace(facts, pd.Timestamp(day)).set_index(["iso3", "article"])


def test_initial_reports_ahead_are_the_seven_of_the_report(facts):
    ahead = projections.deadlines_ahead(facts, END)
    assert " ".join(sorted(ahead["iso3"])) == "COL CUB ISL MUS PLW RWA SOM"
    assert ahead.loc[ahead["iso3"] == "CUB", "on"].item() == pd.Timestamp(2017, 3, 30)


def test_an_initial_report_that_may_have_come_is_not_surely_awaited(facts):
    """Palau's had not come by 30 June 2016 as the log of that day says; when Albania's came is told by a month only."""
    assert projections.deadlines_ahead(facts, END)["sure"].all()
    first = projections.deadlines_ahead(facts, pd.Timestamp(2010, 11, 8)).query("article == 7")
    assert 0 < first["sure"].sum() < len(first)
    after = projections.deadlines_ahead(facts, pd.Timestamp(2017, 6, 30))
    told = facts["reports"].query("kind == 'initial' and submitted_on <= '2017-06-30'")["iso3"]
    assert not set(after.loc[after["article"] == 7, "iso3"]) & set(told)


def test_deadlines_ahead_hold_the_extensions_known_by_the_day(facts):
    later = projections.deadlines_ahead(facts, pd.Timestamp(2024, 6, 30)).set_index("iso3")
    assert later.loc["LAO", "on"] == pd.Timestamp(2025, 8, 1)
    assert later.loc["LAO", "extended"]
    earlier = projections.deadlines_ahead(facts, pd.Timestamp(2019, 6, 30)).set_index("iso3")
    assert earlier.loc["LAO", "on"] == pd.Timestamp(2020, 8, 1)
    assert earlier.loc["CHL", "sure"]  # its first deadline was still printed in 2021


def test_a_contaminated_area_at_the_pace_of_clearance(facts):
    lebanon = work(facts, END).loc[("LBN", 4)]
    assert (lebanon["remaining"], lebanon["latest_pace"]) == (16.3, 1.69)
    assert lebanon["done"] == "2025"  # 16.3 / 1.69 years after 31 December 2015
    assert lebanon["outlook"] == projections.MISSED
    bosnia = work(facts, END).loc[("BIH", 4)]
    assert bosnia["remaining"] == pytest.approx(0.85 + 7.3)
    assert bosnia["latest_pace"] == pytest.approx(0.23 + 0.76)


def test_a_stockpile_is_what_was_declared_less_what_was_destroyed(facts):
    slovakia = work(facts, "2023-06-30").loc[("SVK", 3)]
    assert slovakia["remaining"] == 299187 - 41588
    assert slovakia["latest_pace"] == 950
    assert slovakia["outlook"] == projections.MISSED


def test_a_percentage_destroyed_serves_where_no_number_does(facts):
    germany = work(facts, "2015-09-11").loc[("DEU", 3)]
    assert (germany["remaining"], germany["unit"], germany["outlook"]) == (1, "percent", projections.MET)


def test_without_remainder_or_pace_nothing_is_computed_and_the_reason_given(facts):
    found = work(facts, END)
    assert found.loc[("BGR", 3), "reason"] == "how much had been destroyed so far is not reported"
    assert found.loc[("TCD", 4), "reason"] == "no contaminated area is reported"
    assert (found.loc[found["unit"] == "", "outlook"] == projections.NOT_COMPUTABLE).all()
    stale = work(facts, "2025-06-30").loc[("LBN", 4)]
    assert stale["reason"] == "no area cleared in a year is reported for the last 5 years"


def test_nothing_that_was_told_later_is_used(facts):
    assert work(facts, END).loc[("SVK", 3), "outlook"] == projections.NOT_COMPUTABLE
    assert ("LAO", 4) in work(facts, "2016-06-30").index
    assert work(facts, "2016-06-30").loc[("LAO", 4), "reason"] == "no contaminated area is reported"


def test_a_deadline_gone_by_is_not_projected(facts):
    found = work(facts, "2020-06-30").loc[("GNB", 3)]
    assert found["outlook"] == projections.PASSED
