"""Reporting periods: from the table, from two days, and their neighbours."""

import pandas as pd
import pytest

from ccmlib.base import project
from ccmlib.treaty import periods

TABLE = pd.read_csv(project.RAW / "periods.csv", keep_default_na=False)
TABLE["annual_report_year"] = pd.to_numeric(TABLE["annual_report_year"])


def test_period_of_the_model_report():
    period = periods.from_table(TABLE, "6MSP")
    assert (period.start, period.end) == (pd.Timestamp(2015, 9, 12), pd.Timestamp(2016, 6, 30))
    assert period.annual_report_year == 2015


def test_first_period_has_no_annual_report_and_none_before():
    period = periods.from_table(TABLE, "1MSP")
    assert period.annual_report_year == 0
    assert periods.before(TABLE, period) is None


def test_neighbours():
    period = periods.from_table(TABLE, "6MSP")
    assert periods.before(TABLE, period).name == "1RC"
    assert periods.after(TABLE, period).name == "7MSP"


def test_after_the_last_period_come_as_many_days():
    last = periods.from_table(TABLE, "13MSP")
    following = periods.after(TABLE, last)
    assert following.start == last.end + pd.Timedelta(days=1)
    assert following.end - following.start == last.end - last.start


def test_unknown_period_names_the_known_ones():
    with pytest.raises(periods.UnknownPeriod, match=r"'6MPS'; there are 1MSP, 2MSP.*13MSP"):
        periods.from_table(TABLE, "6MPS")


def test_any_two_days():
    period = periods.from_days("2017-07-01", "2018-06-30")
    assert period.annual_report_year == 2017
    assert periods.before(TABLE, period).end == pd.Timestamp(2017, 6, 30)
    assert periods.after(TABLE, period).start == pd.Timestamp(2018, 7, 1)


@pytest.mark.parametrize(
    ("from_on", "to_on", "year"),
    [("2016-05-01", "2016-12-31", 0), ("2016-01-01", "2016-04-30", 2015), ("2015-02-01", "2016-03-01", 2014)],
)
def test_annual_report_year_is_that_of_the_30_april_in_the_period(from_on, to_on, year):
    assert periods.from_days(from_on, to_on).annual_report_year == year


@pytest.mark.parametrize(
    ("from_on", "to_on"), [("2016-01-01", ""), ("1/2/2016", "2016-12-31"), ("2016-13-01", "2017-01-01")]
)
def test_days_that_are_no_dates(from_on, to_on):
    with pytest.raises(periods.UnknownPeriod, match="expected two dates"):
        periods.from_days(from_on, to_on)


def test_days_in_the_wrong_order():
    with pytest.raises(periods.UnknownPeriod, match="before it starts"):
        periods.from_days("2017-01-01", "2016-01-01")
