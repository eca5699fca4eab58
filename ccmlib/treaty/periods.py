"""The reporting periods of the Convention's meetings, or any two days in their place."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Period:
    """One reporting period, both days included.

    Attributes
    ----------
    name : str
        Short name of the meeting the report goes to (``6MSP``), or ``2017-07-01_2018-06-30``.
    start, end : Timestamp
        First and last day of the period.
    annual_report_year : int
        Calendar year that the annual Article 7 reports due in the period cover; 0 when none falls due in it.
    meeting, place : str
        Full name and place of the meeting; blank for two freely chosen days.
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
    """Find a reporting period by name.

    Parameters
    ----------
    periods : DataFrame
        Tidy table ``periods``.
    name : str
        Such as ``6MSP``.

    Raises
    ------
    UnknownPeriod
        Names the periods that there are.
    """
    found = periods[periods["period"] == name]
    if found.empty:
        raise UnknownPeriod(f"no reporting period {name!r}; there are {', '.join(periods['period'])}")
    return _period(found.iloc[0])


def from_days(from_on: str, to_on: str) -> Period:
    """Make a period of any two days, written as ISO dates.

    Raises
    ------
    UnknownPeriod
        When a day is missing, not an ISO date, or the last is before the first.
    """
    try:
        start, end = (pd.Timestamp(pd.to_datetime(day, format="%Y-%m-%d")) for day in (from_on, to_on))
    except ValueError:
        start = end = pd.NaT
    if pd.isna(start) or pd.isna(end):
        raise UnknownPeriod(f"from {from_on!r} to {to_on!r}: expected two dates such as 2017-07-01")
    if end < start:
        raise UnknownPeriod(f"the period ends on {to_on}, before it starts on {from_on}")
    # The annual report that falls due in the period is due on 30 April; it covers the year before.
    due_on = pd.Timestamp(end.year, 4, 30)
    due_on = due_on if due_on <= end else pd.Timestamp(end.year - 1, 4, 30)
    return Period(f"{from_on}_{to_on}", start, end, due_on.year - 1 if due_on >= start else 0)


def before(periods: pd.DataFrame, period: Period) -> Period | None:
    """Give the reporting period before this one; for two freely chosen days, as many days before them."""
    names = list(periods["period"])
    if period.name in names:
        at = names.index(period.name)
        return _period(periods.iloc[at - 1]) if at else None
    length = period.end - period.start
    end = period.start - pd.Timedelta(days=1)
    return from_days(f"{end - length:%Y-%m-%d}", f"{end:%Y-%m-%d}")


def after(periods: pd.DataFrame, period: Period) -> Period:
    """Give the reporting period after this one; where the table ends, as many days after it."""
    names = list(periods["period"])
    if period.name in names and names.index(period.name) + 1 < len(names):
        return _period(periods.iloc[names.index(period.name) + 1])
    start = period.end + pd.Timedelta(days=1)
    end = start + (period.end - period.start)
    return from_days(f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}")


def _period(row: pd.Series) -> Period:
    year = row["annual_report_year"]
    return Period(
        row["period"], pd.Timestamp(row["start"]), pd.Timestamp(row["end"]), 0 if pd.isna(year) else int(year), row["meeting"],
        row["place"],
    )
