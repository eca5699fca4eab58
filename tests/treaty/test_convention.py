"""Treaty arithmetic, against dates that the depositary and the secretariat published."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ccmlib.treaty import convention

DEPOSITS = st.dates(min_value=pd.Timestamp(2008, 12, 3).date(), max_value=pd.Timestamp(2060, 12, 31).date())


@pytest.mark.parametrize(
    ("deposit_on", "entry_into_force_on"),
    [
        ("2008-12-03", "2010-08-01"),  # Norway: deposited before the Convention was in force
        ("2010-02-16", "2010-08-01"),  # Burkina Faso and Moldova: the 30th deposit
        ("2010-02-28", "2010-08-01"),
        ("2010-03-01", "2010-09-01"),  # first deposit counted from its own month
        ("2011-09-21", "2012-03-01"),  # Italy
        ("2015-07-24", "2016-01-01"),  # Slovakia
        ("2016-04-06", "2016-10-01"),  # Cuba
        ("2018-08-31", "2019-02-01"),  # Namibia
    ],
)
def test_entry_into_force(deposit_on, entry_into_force_on):
    assert convention.entry_into_force(pd.Timestamp(deposit_on)) == pd.Timestamp(entry_into_force_on)


def test_entry_into_force_keeps_missing_dates_and_index():
    deposits = pd.Series(pd.to_datetime(["2016-04-06", None]), index=["CUB", "AGO"])
    result = convention.entry_into_force(deposits)
    assert list(result.index) == ["CUB", "AGO"]
    assert result["CUB"] == pd.Timestamp(2016, 10, 1)
    assert pd.isna(result["AGO"])
    assert pd.isna(convention.entry_into_force(pd.NaT))


@pytest.mark.parametrize(
    ("entry_into_force_on", "due_on"),
    [("2016-10-01", "2017-03-30"), ("2016-01-01", "2016-06-29"), ("2010-08-01", "2011-01-28")],
)
def test_initial_report_due(entry_into_force_on, due_on):
    assert convention.initial_report_due(pd.Timestamp(entry_into_force_on)) == pd.Timestamp(due_on)


def test_annual_report_due():
    assert convention.annual_report_due(2015) == pd.Timestamp(2016, 4, 30)


@pytest.mark.parametrize(("day", "year"), [("2016-04-30", 2014), ("2016-05-01", 2015), ("2016-12-31", 2015)])
def test_the_report_of_a_year_is_owed_from_the_day_after_30_april(day, year):
    assert convention.year_reported(pd.Timestamp(day)) == year


@pytest.mark.parametrize(
    ("entry_into_force_on", "deadline_on"),
    [("2012-03-01", "2020-03-01"), ("2010-08-01", "2018-08-01"), ("2016-01-01", "2024-01-01")],
)
def test_stockpile_deadline(entry_into_force_on, deadline_on):
    assert convention.stockpile_deadline(pd.Timestamp(entry_into_force_on)) == pd.Timestamp(deadline_on)


def test_clearance_deadline():
    assert convention.clearance_deadline(pd.Timestamp(2011, 3, 1)) == pd.Timestamp(2021, 3, 1)
    assert convention.clearance_deadline(pd.Series(pd.to_datetime(["2010-08-01"])))[0] == pd.Timestamp(2020, 8, 1)
    assert {3: convention.stockpile_deadline, 4: convention.clearance_deadline} == convention.DEADLINES


@given(DEPOSITS)
def test_entry_into_force_is_a_first_day_six_months_on(deposit_on):
    deposit_on = pd.Timestamp(deposit_on)
    entry = convention.entry_into_force(deposit_on)
    assert entry.day == 1
    assert entry >= convention.ENTRY_INTO_FORCE_ON
    if entry > convention.ENTRY_INTO_FORCE_ON:
        assert (entry.year - deposit_on.year) * 12 + entry.month - deposit_on.month == 6


@given(DEPOSITS, DEPOSITS)
def test_a_later_deposit_never_enters_into_force_earlier(one, other):
    first, last = sorted([pd.Timestamp(one), pd.Timestamp(other)])
    assert convention.entry_into_force(first) <= convention.entry_into_force(last)


@given(DEPOSITS)
def test_one_date_and_a_series_of_dates_agree(deposit_on):
    deposit_on = pd.Timestamp(deposit_on)
    entry = convention.entry_into_force(deposit_on)
    assert convention.entry_into_force(pd.Series([deposit_on])).iloc[0] == entry
