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
#: Shorter names that an analyst may type.
ALIASES = {"parties": "states_parties", "art3_open": "art3_remaining", "art4_open": "art4_obligations"}
#: Columns of the table ``states`` by which a series can be split.
GROUPS = ("regional_group", "m49_region", "m49_subregion", "un_member")
ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def day(text) -> pd.Timestamp:
    """Read a day: a date, or ISO text such as 2016-06-30.

    Raises
    ------
    ValueError
        For text that two people may read as two days, such as 1/7/2016.
    """
    if isinstance(text, str) and not ISO_DAY.fullmatch(text):
        raise ValueError(f"{text!r}: expected a day such as 2016-07-01")
    return pd.Timestamp(text)


def value(name: str, on=None, facts: Facts | None = None, *, period: str | None = None):
    """Give a figure for a day or a period: a number or date; nan where the sources leave it open.

    Parameters
    ----------
    name : str
        A figure_id, or one of `ALIASES`; `ccm figures` lists them.
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
    facts, counts = _known(facts)
    chosen = periods.from_table(facts["periods"], period) if period else _of_day(facts, day(on))
    entry = vocabulary.find(ALIASES.get(name, name))
    if period is None and not entry.any_day:
        raise vocabulary.UnknownFigureError(f"{name!r} is of a period, not of a day: ask for it by period=…")
    return counts.figure(entry.figure_id, chosen)


def states(name: str, on=None, facts: Facts | None = None, *, period: str | None = None) -> pd.DataFrame:
    """Give the States that a figure counts. Parameters as in `value`.

    Returns
    -------
    DataFrame
        iso3, name, regional_group, day (that belongs to the State, where there is one), certain (bool), by_last_word (bool),
        heard_on (the day that the last word speaks of).
    """
    facts, counts = _known(facts)
    found = figure(name, on, facts, period=period)
    codes = counts.in_order([*found.states, *found.possible, *found.last])
    register = facts["states"].set_index("iso3").reindex(codes)
    return pd.DataFrame({
        "iso3": codes, "name": register["name_un"].to_numpy(), "regional_group": register["regional_group"].to_numpy(),
        "day": [found.dates.get(code) for code in codes], "certain": [code in found.states for code in codes],
        "by_last_word": [code in found.last for code in codes],
        "heard_on": pd.to_datetime([found.heard.get(code) for code in codes])})


def series(name: str, days="months", facts: Facts | None = None, by: str | None = None) -> pd.DataFrame:
    """Give a figure as a series.

    Parameters
    ----------
    name : str
        A figure_id that any day can be asked for, or one of `ALIASES`.
    days : str or iterable of days
        "months" (month ends since the Convention was opened for signature), "periods" (last days of the reporting periods)
        or any days.
    facts : Facts, optional
        The tidy tables; those of data/processed by default.
    by : str, optional
        One of `GROUPS`: one series for each of its values.

    Returns
    -------
    DataFrame
        By day `on`: value (missing where not known), lower, last_word, upper, known_to. With `by`, also a column of that
        name.
    """
    facts, counts = _known(facts)
    name = ALIASES.get(name, name)
    ends = pd.DatetimeIndex(facts["periods"]["end"])
    if isinstance(days, str) and days in ("months", "periods"):
        days = ends if days == "periods" else months(ends.max())
    days = pd.DatetimeIndex([day(one) for one in ([days] if isinstance(days, str) else days)])
    if by is None:
        return counts.series(name, days)
    register = facts["states"].set_index("iso3")
    if by not in GROUPS:
        raise ValueError(f"a series is not split by {by!r}; it can be by {', '.join(GROUPS)}")
    groups = register[by].dropna()
    return pd.concat([counts.series(name, days, groups.index[groups == group]).assign(**{by: group})
                      for group in groups.unique()])


def standings(facts: Facts | None = None) -> pd.DataFrame:
    """Give the standings: one row per State, question and spell, each end with the days that are possible."""
    return _known(facts)[0]["standings"]


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
    facts, last = _known(facts)[0], day(on)
    frame = on_day.obligations(facts, article, last)
    ended, is_open = frame["standing"] == on_day.ENDED, frame["standing"] == on_day.OPEN
    heard = frame["heard_on"].where(frame["last_word"] == on_day.OPEN, frame["since"])
    frame["least"] = frame["first_end_on"].fillna(frame["since"]).where(ended, heard.mask(is_open, last))
    frame["most"] = frame["last_end_on"].where(ended)
    years = frame[["least", "most"]].sub(frame["since"], axis=0).apply(lambda days: days.dt.days.clip(lower=0) / DAYS_A_YEAR)
    return frame[["iso3", "since"]].assign(ended=ended, **years)


def by_period(names: Iterable[str], table: pd.DataFrame, facts: Facts | None = None) -> pd.DataFrame:
    """Give figures at the end of each period, with change and pace against the period before.

    Returns
    -------
    DataFrame
        period, figure_id, value, lower, last_word, upper, known_to; `change` and `a_year` (the change as a yearly pace),
        missing where unknown.
    """
    ends = pd.DatetimeIndex(table["end"])
    years = pd.Series(ends).diff().dt.days / DAYS_A_YEAR
    parts = []
    for name in names:
        found = series(name, ends, facts).reset_index(drop=True)
        change = found["value"].diff()
        parts.append(found.assign(period=table["period"].to_numpy(), figure_id=name, change=change, a_year=change / years))
    columns = ["period", "figure_id", "value", "lower", "last_word", "upper", "known_to", "change", "a_year"]
    return pd.concat(parts, ignore_index=True)[columns]


def up_to(table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give the reporting periods that ended before a period, and the period itself, which need not be in the table."""
    columns = ["period", "start", "end", "annual_report_year"]
    before = table.loc[table["end"] < period.end, columns]
    return pd.concat([before, pd.DataFrame([[period.name, period.start, period.end, period.annual_report_year]],
                                           columns=columns)], ignore_index=True)


def months(until: pd.Timestamp) -> pd.DatetimeIndex:
    """Give the month ends from the Convention's opening for signature to a day, and the day itself."""
    ends = pd.date_range(convention.OPENED_FOR_SIGNATURE_ON, until, freq="ME")
    return ends.union(pd.DatetimeIndex([until])).as_unit("us")


def _of_day(facts: Facts, on: pd.Timestamp) -> Period:
    """Take a day as the last one of its own period."""
    return Period(f"{on:%Y-%m-%d}", on, on)


@lru_cache(maxsize=1)
def _stored(processed: Path, at: int) -> tuple[Facts, Counts]:
    facts = Facts(processed=processed)
    return facts, Counts(facts)


def _known(facts: Facts | None) -> tuple[Facts, Counts]:
    if facts is not None:
        return facts, Counts(facts)
    file = project.PROCESSED / "datapackage.json"
    return _stored(project.PROCESSED, file.stat().st_mtime_ns if file.exists() else 0)
