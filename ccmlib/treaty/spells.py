"""Spells: from which day to which day a State counts in a figure, for sure or possibly.

A figure for any day, or for a thousand days at once, is then a count of the spells that hold the day. Where the exports
do not tell the day on which something changed, the days in between are possible and not sure: the figure has bounds.
"""

from collections.abc import Iterable

import numpy as np
import pandas as pd

COLUMNS = ["iso3", "from_on", "to_on", "sure", "source", "row"]
#: A day after every day that matters: the end of what has no end.
NEVER = pd.Timestamp(2262, 1, 1)
ONE_DAY = pd.Timedelta(days=1)


def spells(frame: pd.DataFrame, from_on, to_on, sure: bool | pd.Series = True) -> pd.DataFrame:
    """Make one spell of each row.

    Parameters
    ----------
    frame : DataFrame
        With iso3, source and row.
    from_on : Series or Timestamp
        First day; a row without one makes no spell.
    to_on : Series or Timestamp
        First day that is no longer in the spell; missing where it goes on.
    sure : bool or Series of bool
        False where the exports cannot tell.

    Returns
    -------
    DataFrame
        `COLUMNS`; spells without a day are left out.
    """
    made = frame[["iso3", "source", "row"]].assign(
        from_on=_days(from_on, frame), to_on=_days(to_on, frame).fillna(NEVER), sure=sure)
    return made.loc[made["from_on"] < made["to_on"], COLUMNS]


def together(*parts: pd.DataFrame) -> pd.DataFrame:
    """Put spells of several kinds into one frame, by State and day."""
    parts = [part for part in parts if len(part)]
    if not parts:
        return pd.DataFrame({column: pd.Series(dtype=kind) for column, kind in zip(
            COLUMNS, ["str", "datetime64[us]", "datetime64[us]", "bool", "str", "str"], strict=True)})
    return pd.concat(parts, ignore_index=True).sort_values(["iso3", "from_on"], ignore_index=True)


def count(made: pd.DataFrame, days: Iterable[pd.Timestamp]) -> pd.DataFrame:
    """Count the spells that hold each day.

    Returns
    -------
    DataFrame
        By day: `lower` (those that are sure), `upper` (with those that are possible) and `value`, missing where the two
        differ.
    """
    days = pd.DatetimeIndex(days).as_unit("us")
    sure = _count(made[made["sure"]], days)
    upper = sure + _count(made[~made["sure"].astype(bool)], days)
    counted = pd.DataFrame({"lower": sure, "upper": upper}, index=days.rename("on"), dtype="float64")
    return only_where_known(counted)


def only_where_known(bounds: pd.DataFrame) -> pd.DataFrame:
    """Give the value of a figure where its lower and upper bound agree; missing elsewhere."""
    value = bounds["lower"].where(bounds["lower"] == bounds["upper"])
    return bounds.assign(value=value)[["value", "lower", "upper"]]


def written(value: float, lower: float, upper: float, digits: int = 0) -> str:
    """Write what is known of a figure.

    Examples
    --------
    >>> written(100, 100, 100), written(np.nan, 30, 32), written(np.nan, 4, np.nan), written(np.nan, np.nan, np.nan)
    ('100', '30–32', '≥ 4', '')
    """
    if not np.isnan(value):
        return f"{value:.{digits}f}"
    if np.isnan(lower):
        return ""
    return f"≥ {lower:.{digits}f}" if np.isnan(upper) else f"{lower:.{digits}f}–{upper:.{digits}f}"


def on_day(made: pd.DataFrame, on: pd.Timestamp) -> pd.DataFrame:
    """Give the spells that hold a day."""
    return made[(made["from_on"] <= on) & (made["to_on"] > on)].reset_index(drop=True)


def within(made: pd.DataFrame, outer: pd.DataFrame) -> pd.DataFrame:
    """Keep of each spell the days that its State also spends in a spell of `outer`; sure where both are."""
    pairs = made.merge(outer[["iso3", "from_on", "to_on", "sure"]], on="iso3", suffixes=("", "_outer"))
    sure = pairs["sure"] & pairs["sure_outer"]
    start = pairs[["from_on", "from_on_outer"]].max(axis=1)
    end = pairs[["to_on", "to_on_outer"]].min(axis=1)
    return together(
        spells(pairs[sure], start[sure], end[sure]), spells(pairs[~sure], start[~sure], end[~sure], sure=False))


def look_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """Give the value of each key, missing where there is none; unlike `Series.map`, also for no values at all."""
    return values.reindex(keys).set_axis(keys.index)


def _count(made: pd.DataFrame, days: pd.DatetimeIndex) -> np.ndarray:
    """Count days' spells as those begun less those ended, both by bisection."""
    begun = np.sort(made["from_on"].to_numpy("datetime64[us]"))
    ended = np.sort(made["to_on"].to_numpy("datetime64[us]"))
    at = days.to_numpy("datetime64[us]")
    return np.searchsorted(begun, at, side="right") - np.searchsorted(ended, at, side="right")


def _days(days, frame: pd.DataFrame) -> pd.Series:
    if not isinstance(days, pd.Series):
        days = pd.Series(days, index=frame.index)
    return days.astype("datetime64[us]")
