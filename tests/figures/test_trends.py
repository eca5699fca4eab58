"""Figures for any day: equal to the model report on its day, to the status functions on every day, bounds elsewhere."""

import subprocess
import sys
import time

import numpy as np
import pandas as pd
import pytest

from ccmlib.figures import trends
from ccmlib.tidy import tables
from ccmlib.treaty import histories, periods, standing, status
from ccmlib.treaty.histories import Tables

END = pd.Timestamp(2016, 6, 30)
# What the Geneva Progress Report printed, or what its lists add up to. Its 39 and 29 under Article 3 name no States:
# the exports name 40 and 30, and the reconciliation says so.
ON_30_JUNE_2016 = {
    "states_parties": 100, "signatories": 19, "joined_total": 119, "parties_in_force": 98, "initial_reports_due": 93,
    "initial_reports_submitted": 75, "initial_reports_overdue": 18, "initial_reports_not_yet_due": 7,
    "annual_reports_due": 67, "annual_reports_submitted": 44, "annual_reports_overdue": 23, "art3_remaining": 10,
    "art4_remaining": 12, "art5_obligations": 13, "assistance_requested": 9, "assistance_provided": 14,
    "assistance_received": 4, "art3_deadline_passed": 0, "art4_deadline_passed": 0,
}


@pytest.fixture(scope="module")
def known():
    return Tables(tables.build())


@pytest.fixture(scope="module")
def days():
    return sorted([*pd.date_range("2009-01-31", "2025-06-30", freq="6ME"), END])


def test_the_series_on_30_june_2016_equal_the_report(known):
    assert {name: trends.value(name, END, known) for name in ON_30_JUNE_2016} == ON_30_JUNE_2016
    by_month = {name: trends.series(name, "months", known).loc[END, "value"] for name in ON_30_JUNE_2016}
    assert by_month == ON_30_JUNE_2016
    by_period = trends.by_period(ON_30_JUNE_2016, trends.up_to(known["periods"], periods.from_table(
        known["periods"], "6MSP")), known).set_index(["period", "name"])["value"]
    assert by_period["6MSP"].to_dict() == ON_30_JUNE_2016
    assert trends.value("annual_reporting_rate", END, known) == pytest.approx(100 * 44 / 67)


def test_states_behind_a_figure_are_those_of_the_report(known):
    named = trends.states("signatories", END, known)
    assert " ".join(named["iso3"]) == "AGO BEN CAF CYP COD DJI GMB HTI IDN JAM KEN LBR MDG NAM NGA PHL STP UGA TZA"
    assert len(trends.parties("2016-06-30", known)) == 100
    stockpiles = trends.states("art3_remaining", END, known)["iso3"]
    assert " ".join(sorted(stockpiles)) == "BGR BWA CHE ESP GIN GNB HRV PER SVK ZAF"
    assert trends.states("initial_reports_overdue", END, known)["row"].ne("").all()


def test_membership_equals_the_status_functions_on_every_day(known, days):
    actions = known["treaty_actions"]
    names = ("states_parties", "signatories", "parties_in_force")
    found = {name: trends.series(name, days, known)["value"] for name in names}
    for day in days:
        parties = status.parties(actions, day)
        assert found["states_parties"][day] == len(parties)
        assert found["parties_in_force"][day] == parties["in_force"].sum()
        assert found["signatories"][day] == len(status.signatories(actions, day))


def test_initial_reports_bound_what_the_status_function_tells(known, days):
    names = {"submitted": "submitted", "overdue": "overdue", "not due": "not_yet_due"}
    found = {key: trends.series(f"initial_reports_{name}", days, known) for key, name in names.items()}
    for day in days:
        rows = status.initial_reports(known["treaty_actions"], known["reports"], known["coverage"], day)
        standings = rows["standing"].value_counts()
        for key in ("submitted", "overdue"):
            bounds = found[key].loc[day]
            assert bounds["lower"] == standings.get(key, 0)
            # A report not yet due may have come early: status says "not due", the upper bound allows for it.
            assert bounds["upper"] <= standings.get(key, 0) + standings.get("unknown", 0) + standings.get("not due", 0)
        assert found["not due"].loc[day, "upper"] >= standings.get("not due", 0) >= found["not due"].loc[day, "lower"]


def test_every_party_is_submitted_overdue_or_not_due(known, days):
    parts = [trends.series(f"initial_reports_{key}", days, known) for key in ("submitted", "overdue", "not_yet_due")]
    parties = trends.series("states_parties", days, known)["value"]
    assert (sum(part["lower"] for part in parts) <= parties).all()
    assert (sum(part["upper"] for part in parts) >= parties).all()


def test_annual_reports_at_the_end_of_each_period_bound_the_status_function(known):
    for row in known["periods"].dropna(subset=["annual_report_year"]).itertuples():
        rows = status.annual_reports(known["treaty_actions"], known["reports"], known["coverage"],
                                     int(row.annual_report_year), row.start, row.end)
        standings = rows["standing"].value_counts()
        if row.end < pd.Timestamp(int(row.annual_report_year) + 1, 5, 1):
            continue
        for key in ("submitted", "overdue"):
            bounds = trends.series(f"annual_reports_{key}", [row.end], known).iloc[0]
            assert bounds["lower"] <= standings.get(key, 0) <= bounds["upper"], (row.period, key)


def test_obligations_bound_where_states_stand(known, days):
    facts = [known[name] for name in ("obligations", "deadlines", "treaty_actions")]
    for article in (3, 4):
        open_now = trends.series(f"art{article}_remaining", days, known)
        completed = trends.series(f"art{article}_completed", days, known)
        for day in days[::3]:
            standings = standing.on_day(*facts, article, day)["standing"].value_counts()
            assert open_now.loc[day, "lower"] <= standings.get("open", 0) <= open_now.loc[day, "upper"]
            assert completed.loc[day, "lower"] <= standings.get("ended", 0) <= completed.loc[day, "upper"]


def test_an_open_obligation_is_not_known_to_be_open_after_the_last_row_that_tells_of_it(known):
    guinea = known.once(histories.obligations, 3)["open"].query("iso3 == 'GIN'")
    assert list(guinea["sure"]) == [True, False]
    assert guinea["to_on"].iloc[0] == pd.Timestamp(2022, 8, 15)  # the day after its deadline was printed last
    slovakia = known.once(histories.obligations, 3)["open"].query("iso3 == 'SVK'")
    assert slovakia["to_on"].iloc[0] == pd.Timestamp(2022, 1, 2)  # it destroyed munitions in 2022


def test_a_day_that_the_logs_do_not_know_has_no_value(known):
    assert np.isnan(trends.value("initial_reports_submitted", "2018-06-30", known))
    assert np.isnan(trends.value("assistance_requested", "2015-06-30", known))
    bounds = trends.series("initial_reports_submitted", ["2018-06-30"], known).iloc[0]
    assert bounds["lower"] < bounds["upper"]
    nothing = trends.series("assistance_requested", ["2015-06-30"], known).iloc[0]
    assert nothing.isna().all()
    named = trends.series("legislation_total", [END], known).iloc[0]
    assert named["lower"] == 4
    assert np.isnan(named["value"])
    assert np.isnan(named["upper"])


def test_after_the_log_a_number_of_obligations_is_a_lower_bound(known):
    later = trends.series("art4_obligations", ["2016-06-30", "2019-06-30"], known)
    assert later["value"].iloc[0] == 19
    assert later["lower"].iloc[1] == 19
    assert later[["value", "upper"]].iloc[1].isna().all()


def test_groups_add_up_to_the_whole(known, days):
    for name in trends.FIGURES:
        if trends.FIGURES[name].share_of or trends.FIGURES[name].at_least:
            continue
        whole = trends.series(name, days, known)
        parts = trends.series(name, days, known, by="regional_group").groupby(level=0)[["lower", "upper"]]
        parts = parts.sum(min_count=5)
        known_days = whole["upper"].notna()
        assert (parts["lower"] == whole["lower"])[known_days].all(), name
        assert (parts["upper"] == whole["upper"])[known_days].all(), name


def test_a_share_is_bounded_by_who_may_have_reported(known):
    found = trends.series("annual_reporting_rate", ["2016-06-30", "2018-06-30", "2010-06-30"], known)
    assert found["value"].iloc[0] == pytest.approx(65.67, abs=0.01)
    assert 0 <= found["lower"].iloc[1] < found["upper"].iloc[1] <= 100
    assert found.iloc[2].isna().all()


def test_between_none_and_all_nothing_is_told_of_a_share(known):
    rate = trends.FIGURES["annual_reporting_rate"]
    for day, yes in (("2025-06-30", False), ("2015-09-11", True)):
        assert trends.tells(rate, *trends.series(rate.name, [day], known).iloc[0][["lower", "upper"]]) is yes
    assert not trends.tells(rate, *trends.series(rate.name, ["2010-11-08"], known).iloc[0][["lower", "upper"]])


def test_all_monthly_series_take_about_a_second(known):
    fresh = Tables(dict(known))
    start = time.process_time()
    for name in trends.FIGURES:
        assert len(trends.series(name, "months", fresh)) > 190
    assert time.process_time() - start < 4


def test_change_and_pace_are_missing_where_a_value_is(known):
    frame = trends.by_period(["states_parties", "initial_reports_overdue"], known["periods"], known)
    parties = frame[frame["name"] == "states_parties"].set_index("period")
    assert parties.loc["6MSP", "change"] == 4
    assert parties.loc["6MSP", "a_year"] == pytest.approx(4 / (293 / 365.25), abs=0.01)
    overdue = frame[frame["name"] == "initial_reports_overdue"].set_index("period")
    assert overdue.loc["6MSP", "change"] == -1
    assert np.isnan(overdue.loc["7MSP", "change"])


def test_coverage_counts_states_that_should_have_a_value(known):
    frame = trends.coverage(known).set_index(["theme", "year"])
    assert tuple(frame.loc[("transparency", 2015), ["should", "have"]]) == (67, 67)
    assert tuple(frame.loc[("universalization", 2016), ["should", "have"]]) == (100, 100)
    assert frame.loc[("transparency", 2018), "have"] < 5
    assert (frame["have"] <= frame["should"]).all()
    assert frame["share"].dropna().between(0, 1).all()
    early = trends.coverage(known, pd.Timestamp(2012, 9, 10))
    assert early["year"].max() == 2012
    assert early.loc[(early["theme"] == "transparency") & (early["year"] == 2012), "should"].item() == 0


def test_printed_figures_stand_at_the_end_of_their_period(known):
    printed = trends.printed(known["published_figures"], known["periods"]).set_index("name")
    assert printed.loc["legislation_total", "value"] == 25
    assert (printed["on"] == END).all()


def test_a_period_of_any_two_days_joins_the_periods_before_it(known):
    chosen = periods.from_days("2017-01-01", "2018-03-31")
    found = trends.up_to(known["periods"], chosen)
    assert list(found["period"])[-2:] == ["7MSP", chosen.name]


def test_an_unknown_figure_names_those_there_are(known):
    with pytest.raises(trends.UnknownFigureError, match=r"no figure 'partys'; there are states_parties, .*parties"):
        trends.value("partys", END, known)


def test_importing_ccmlib_stays_light():
    code = "import sys, ccmlib; print(sorted(set(sys.modules) & {'pandas', 'matplotlib', 'statsmodels'}))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"
