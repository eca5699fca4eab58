"""Any figure for any day or period, or as a series, with what is certain and what the last word is.

>>> from ccmlib import series, value
>>> value("initial_reports_overdue", "2016-06-30")
18
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from ccmlib.base import project
from ccmlib.figures import vocabulary
from ccmlib.figures.counting import Counts
from ccmlib.figures.figure import Figure
from ccmlib.treaty import convention, on_day, periods
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.periods import Period

DAYS_A_YEAR = 365.25
#: Columns of the table ``states`` by which a series can be split.
GROUPS = ("regional_group", "m49_region", "m49_subregion", "un_member")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text) -> pd.Timestamp:
    """Read a day: a date, or ISO text such as 2016-06-30; 1/7/2016, which two people may read as two days, is refused."""
    if isinstance(text, str) and not ISO_DAY.fullmatch(text):
        raise ValueError(f"{text!r}: expected a day such as 2016-07-01")
    return pd.Timestamp(text)


def value(name: str, on=None, facts: Facts | None = None, *, period: str | None = None):
    """Give a figure for a day or a period: a number or date; nan where the sources leave it open.

    Parameters
    ----------
    name : str
        A figure_id; `ccm figures` lists them.
    on : date or str
        The day, as ISO text or a date.
    facts : Facts, optional
        The tidy tables; those of data/processed by default.
    period : str, optional
        Name of a reporting period, for a figure of a period; instead of a day.
    """
    found = figure(name, on, facts, period=period).value
    return np.nan if found is None else found


def figure(name: str, on=None, facts: Facts | None = None, *, period: str | None = None) -> Figure:
    """Give a figure for a day or a period with its bounds, last word, States and records. Parameters as in `value`."""
    if (on is None) == (period is None):
        raise ValueError("give either a day or period=…")
    counts = _counts(facts)
    if period:
        return counts.figure(name, periods.from_table(counts.all_periods, period))
    vocabulary.of_a_day(name)
    on = day(on)  # taken as the last day of its own period
    return counts.figure(name, Period(f"{on:%Y-%m-%d}", on, on))


def states(name: str, on=None, facts: Facts | None = None, *, period: str | None = None) -> pd.DataFrame:
    """Give the States that a figure counts. Parameters as in `value`.

    Columns: iso3, name, regional_group, day (that belongs to the State, where there is one), certain (bool), by_last_word
    (bool), heard_on (the day that the last word speaks of).
    """
    counts, found = _counts(facts), figure(name, on, facts, period=period)
    codes = counts.in_order([*found.states, *found.possible, *found.last])
    register = counts.facts["states"].set_index("iso3").reindex(codes)
    return pd.DataFrame({
        "iso3": codes, "name": register["name_un"].to_numpy(), "regional_group": register["regional_group"].to_numpy(),
        "day": [found.dates.get(code) for code in codes], "certain": [code in found.states for code in codes],
        "by_last_word": [code in found.last for code in codes],
        "heard_on": pd.to_datetime([found.heard.get(code) for code in codes])})


def series(name: str, days="months", facts: Facts | None = None, by: str | None = None) -> pd.DataFrame:
    """Give a figure that any day can be asked for as a series; `name` and `facts` as in `value`.

    Parameters
    ----------
    days : str or iterable of days
        "months" (month ends since the Convention was opened for signature), "periods" (last days of the reporting periods)
        or any days.
    by : str, optional
        One of `GROUPS`: one series for each of its values.

    Returns
    -------
    DataFrame
        By day `on`: value (missing where not known), lower, last_word, upper, known_to, and what it is `by`.
    """
    counts = _counts(facts)
    if isinstance(days, str):
        ends = pd.DatetimeIndex(counts.all_periods["end"])
        days = {"periods": ends, "months": months(ends.max())}.get(days, [days])
    days = pd.DatetimeIndex([day(one) for one in days])
    if by is None:
        return counts.series(name, days)
    if by not in GROUPS:
        raise ValueError(f"a series is not split by {by!r}; it can be by {', '.join(GROUPS)}")
    groups = counts.facts["states"].set_index("iso3")[by].dropna()
    return pd.concat([counts.series(name, days, groups.index[groups == group]).assign(**{by: group})
                      for group in groups.unique()])


def standings(facts: Facts | None = None) -> pd.DataFrame:
    """Give the standings: one row per State, question and spell, each end with the days that are possible."""
    return _counts(facts).facts["standings"]


def durations(article: int, on, facts: Facts | None = None) -> pd.DataFrame:
    """Give how long obligations under Article 3 or 4 lasted, as far as a day: what has not ended by then is censored.

    Returns
    -------
    DataFrame
        iso3, since, ended (bool), least and most (years from `since` to the end). Where it is not known to have ended, `least`
        reaches to the day, or to the last word that it is open, and `most` is missing. An end before the beginning is 0.

    Examples
    --------
    After so many years, half of the obligations to clear have ended (Kaplan and Meier, by the latest possible ends):

    >>> from statsmodels.duration.survfunc import SurvfuncRight
    >>> found = durations(4, "2024-06-30")
    >>> f'{SurvfuncRight(found["most"].fillna(found["least"]), found["ended"]).quantile(0.5):.1f}'
    '10.0'
    """
    facts, last = _counts(facts).facts, day(on)
    frame = on_day.obligations(facts, article, last)
    ended, is_open = frame["standing"] == on_day.ENDED, frame["standing"] == on_day.OPEN
    heard = frame["heard_on"].where(frame["last_word"] == on_day.OPEN, frame["since"])
    frame["least"] = frame["first_end_on"].fillna(frame["since"]).where(ended, heard.mask(is_open, last))
    frame["most"] = frame["last_end_on"].where(ended)
    years = frame[["least", "most"]].sub(frame["since"], axis=0).apply(lambda days: days.dt.days.clip(lower=0) / DAYS_A_YEAR)
    return frame[["iso3", "since"]].assign(ended=ended, **years)


def by_period(names: Iterable[str], table: pd.DataFrame, facts: Facts | None = None) -> pd.DataFrame:
    """Give figures at the end of each period of a table, with change and pace against the period before.

    Columns: period, figure_id, value, lower, last_word, upper, known_to; `change` and `a_year` (the change as a yearly pace),
    missing where unknown.
    """
    years = table["end"].diff().dt.days.to_numpy() / DAYS_A_YEAR
    parts = []
    for name in names:
        found = series(name, table["end"], facts).reset_index(drop=True)
        change = found["value"].diff()
        parts.append(found.assign(period=table["period"].to_numpy(), figure_id=name, change=change, a_year=change / years))
    columns = ["period", "figure_id", "value", "lower", "last_word", "upper", "known_to", "change", "a_year"]
    return pd.concat(parts, ignore_index=True)[columns]


def up_to(table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give the reporting periods that ended before a period, and the period itself, which need not be in the table."""
    columns = ["period", "start", "end", "annual_report_year"]
    own = pd.DataFrame([[period.name, period.start, period.end, period.annual_report_year]], columns=columns)
    return pd.concat([table.loc[table["end"] < period.end, columns], own], ignore_index=True)


def months(until: pd.Timestamp) -> pd.DatetimeIndex:
    """Give the month ends from the Convention's opening for signature to a day, and the day itself."""
    ends = pd.date_range(convention.OPENED_FOR_SIGNATURE_ON, until, freq="ME")
    return ends.union(pd.DatetimeIndex([until])).as_unit("us")


@lru_cache(maxsize=1)
def _stored(processed: Path, at: int) -> Counts:
    return Counts(Facts(processed=processed))


def _counts(facts: Facts | None) -> Counts:
    if facts is not None:
        return Counts(facts)
    file = project.PROCESSED / "datapackage.json"
    return _stored(project.PROCESSED, file.stat().st_mtime_ns if file.exists() else 0)
