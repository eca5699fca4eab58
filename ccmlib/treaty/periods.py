"""The reporting periods of the Convention's meetings, or any two days in their place."""

from dataclasses import dataclass

import pandas as pd

from ccmlib.treaty import convention

ONE_DAY = pd.Timedelta(days=1)


@dataclass(frozen=True)
class Period:
    """One reporting period, both days included.

    `name` is short (``6MSP``, or ``2017-07-01_2018-06-30`` for any two days); `annual_report_year` is the calendar year
    that the annual Article 7 reports due in the period cover, 0 when none falls due in it; `meeting` and `place` are blank
    for two freely chosen days.
    """

    name: str
    start: pd.Timestamp
    end: pd.Timestamp
    annual_report_year: int = 0
    meeting: str = ""
    place: str = ""

    def contains(self, days: pd.Series) -> pd.Series:
        """Tell which days fall into the period."""
        return days.between(self.start, self.end)


class UnknownPeriod(ValueError):
    """A period that is not in the table, or two days that make no period."""


def from_table(periods: pd.DataFrame, name: str) -> Period:
    """Find a reporting period in the tidy table ``periods`` by its name."""
    found = periods[periods["period"] == name]
    if found.empty:
        raise UnknownPeriod(f"no reporting period {name!r}; there are {', '.join(periods['period'])}")
    return _period(found.iloc[0])


def from_days(from_on: str | pd.Timestamp, to_on: str | pd.Timestamp) -> Period:
    """Make a period of any two days, ISO dates or Timestamps."""
    try:
        start, end = (pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d")) for day in (from_on, to_on))
    except ValueError:
        start = end = pd.NaT
    if pd.isna(start) or pd.isna(end):
        raise UnknownPeriod(f"from {from_on!r} to {to_on!r}: expected two dates such as 2017-07-01")
    if end < start:
        raise UnknownPeriod(f"the period ends on {to_on}, before it starts on {from_on}")
    year = convention.year_reported(end + ONE_DAY)
    year = year if convention.annual_report_due(year) >= start else 0
    return Period(f"{start:%Y-%m-%d}_{end:%Y-%m-%d}", start, end, year)


def before(periods: pd.DataFrame, period: Period) -> Period | None:
    """Give the reporting period before this one, if any; for two freely chosen days, as many days before them."""
    names = list(periods["period"])
    if period.name in names:
        at = names.index(period.name)
        return _period(periods.iloc[at - 1]) if at else None
    end = period.start - ONE_DAY
    return from_days(end - (period.end - period.start), end)


def after(periods: pd.DataFrame, period: Period) -> Period:
    """Give the reporting period after this one; where the table ends, as many days after it."""
    names = list(periods["period"])
    if period.name in names[:-1]:
        return _period(periods.iloc[names.index(period.name) + 1])
    start = period.end + ONE_DAY
    return from_days(start, start + (period.end - period.start))


def _period(row: pd.Series) -> Period:
    year = 0 if pd.isna(row["annual_report_year"]) else int(row["annual_report_year"])
    return Period(row["period"], pd.Timestamp(row["start"]), pd.Timestamp(row["end"]), year, row["meeting"], row["place"])
