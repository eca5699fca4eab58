"""When will there be 130 States Parties? Two published methods look ahead; a back-test says how far to believe them.

*Pace*: a random walk with drift, the average of the last years going on, with the uncertainty of the drift in the
interval (the drift method of Hyndman and Athanasopoulos, Forecasting: Principles and Practice). *Slowing pace*:
Holt's trend, damped (Gardner and McKenzie, 1985), on all months since 2008. Both come from statsmodels. The back-test
stands at each past period, looks two years ahead with what was known then, and compares with what came and with "no
change".
"""

import warnings
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import pandas as pd

from ccmlib.figures import series as figures
from ccmlib.treaty import convention
from ccmlib.treaty.facts import Facts

#: Dubrovnik Action Plan, Action 1.1: States Parties by the Second Review Conference.
TARGET = 130
#: Years whose pace is asked about.
PACES = (3, 5, 10)
#: Share of futures that an interval is meant to hold.
LEVEL = 0.8
MONTHS_AHEAD = 24
#: Months that a forecast looks for the target; beyond, it is not reached in any time that matters.
FARTHEST = 12 * 50
#: Fewest months from which a damped trend can be told from a straight one.
FEWEST_MONTHS = 36

SLOWING = "Slowing pace"


METHODS = ("Pace of 3 years", "Pace of 5 years", "Pace of 10 years", SLOWING)


@dataclass(frozen=True)
class Forecast:
    """Months ahead of a day.

    Attributes
    ----------
    method : str
        One of `METHODS`.
    on : Timestamp
        The day from which it looks ahead; nothing later is used.
    a_year : float
        The pace with which it starts.
    path : DataFrame
        By month: `on`, `value`, `lower`, `upper`.
    """

    method: str
    on: pd.Timestamp
    a_year: float
    path: pd.DataFrame

    def reaches(self, target: float, column: str = "value") -> pd.Timestamp | None:
        """Give the first month in which the path (or its `lower` or `upper` bound) is at the target; None for never."""
        there = self.path.loc[self.path[column] >= target, "on"]
        return None if there.empty else there.iloc[0]


def forecast(monthly: pd.Series, method: str, steps: int = MONTHS_AHEAD) -> Forecast | None:
    """Look ahead from the last month of a series."""
    on = pd.Timestamp(monthly.index[-1])
    history = monthly.to_numpy("float64")
    if method != SLOWING:
        years = PACES[METHODS.index(method)]
        if len(history) <= 12 * years:
            return None
        history = history[-12 * years - 1:]
        a_year, ahead = (history[-1] - history[0]) / years, _drift(history, steps)
    elif len(history) < FEWEST_MONTHS or history[0] == history[-1]:
        return None
    else:
        ahead = _damped(history, steps)
        a_year = 12 * (ahead[0][0] - history[-1])
    days = _same_day(on, np.arange(1, steps + 1))
    path = pd.DataFrame({"on": days, "value": ahead[0], "lower": ahead[1], "upper": ahead[2]})
    return Forecast(method, on, float(a_year), path)


def _drift(history: np.ndarray, steps: int) -> tuple:
    """Go on at the average monthly change, which least squares give with its uncertainty."""
    from statsmodels.regression.linear_model import OLS  # slow to import

    changes = np.diff(history)
    fitted = OLS(changes, np.ones_like(changes)).fit()
    ahead = np.arange(1, steps + 1)
    # After so many months both the drift's own error and the steps' scatter have added up.
    spread = NormalDist().inv_cdf(0.5 + LEVEL / 2) * np.sqrt((ahead * fitted.bse[0]) ** 2 + ahead * fitted.scale)
    middle = history[-1] + ahead * fitted.params[0]
    return middle, middle - spread, middle + spread


def _damped(history: np.ndarray, steps: int) -> tuple:
    """Go on at a pace that slows as it has slowed so far."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ETSModel(pd.Series(history), error="add", trend="add", damped_trend=True).fit(disp=0)
        ahead = fitted.get_prediction(start=len(history), end=len(history) + steps - 1)
        frame = ahead.summary_frame(alpha=1 - LEVEL)
    return tuple(frame[column].to_numpy() for column in ("mean", "pi_lower", "pi_upper"))


def monthly(name: str, on: pd.Timestamp, facts: Facts | None = None) -> pd.Series:
    """Give a figure at the same day of each month up to a day, since the Convention was opened for signature."""
    start = convention.OPENED_FOR_SIGNATURE_ON
    length = (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)
    return figures.series(name, _same_day(on, np.arange(-length, 1)), facts)["value"]


def _same_day(on: pd.Timestamp, months: np.ndarray) -> pd.DatetimeIndex:
    """Give the same day of other months, or their last where they are too short, as `DateOffset` does."""
    first = pd.PeriodIndex([on.to_period("M")]).repeat(len(months)) + months
    days = np.minimum(on.day, first.days_in_month) - 1
    return (first.to_timestamp() + pd.to_timedelta(days, unit="D")).as_unit("us")


def forecasts(facts: Facts, on: pd.Timestamp) -> dict[str, Forecast]:
    """Look ahead of a day with every method for which there is history enough, as far as `FARTHEST`."""
    history = monthly("states_parties", on, facts).dropna()  # to the day that the sources reach
    found = {method: forecast(history, method, FARTHEST) for method in METHODS}
    return {method: ahead for method, ahead in found.items() if ahead is not None}


def target_dates(found: dict[str, Forecast], target: int = TARGET) -> pd.DataFrame:
    """Say when the target of States Parties will be reached, by each method.

    Parameters
    ----------
    found : dict of str to Forecast
        From `forecasts`.
    target : int
        Number of States Parties.

    Returns
    -------
    DataFrame
        method, a_year, reached_on, earliest_on (where the upper end of the 80 % interval reaches it) and latest_on
        (where the lower end does), missing where not within fifty years; `computable`: there is history enough.
    """
    rows = []
    for method in METHODS:
        ahead = found.get(method)
        dates = [ahead.reaches(target, column) if ahead else None for column in ("value", "upper", "lower")]
        rows.append((method, ahead.a_year if ahead else np.nan, *dates, ahead is not None))
    frame = pd.DataFrame(rows, columns=["method", "a_year", "reached_on", "earliest_on", "latest_on", "computable"])
    return frame.astype({column: "datetime64[us]" for column in ("reached_on", "earliest_on", "latest_on")})


def back_test(facts: Facts, periods: pd.DataFrame, until: pd.Timestamp, name: str = "states_parties") -> pd.DataFrame:
    """Stand at the end of each past period, look two years ahead with what was known then, and compare.

    Returns
    -------
    DataFrame
        method, period, on (the day looked at), then (value when looking), forecast, lower, upper, actual, held (bool),
        error and error_no_change (both absolute).
    """
    rows = []
    for period in periods.itertuples():
        on = period.end + pd.DateOffset(months=MONTHS_AHEAD)
        if on > until:
            continue
        history = monthly(name, period.end, facts)
        actual = figures.value(name, on, facts)
        for method in METHODS:
            found = forecast(history, method)
            if found is None or np.isnan(actual):
                continue
            last = found.path.iloc[-1]
            ahead = last[["value", "lower", "upper"]]
            rows.append((method, period.period, on, history.iloc[-1], *ahead, actual))
    frame = pd.DataFrame(rows, columns=["method", "period", "on", "then", "forecast", "lower", "upper", "actual"])
    return frame.assign(
        held=frame["actual"].between(frame["lower"], frame["upper"]),
        error=(frame["forecast"] - frame["actual"]).abs(), error_no_change=(frame["then"] - frame["actual"]).abs())


def verdict(tested: pd.DataFrame) -> pd.DataFrame:
    """Sum up a back-test by method.

    Returns
    -------
    DataFrame
        method, tests, held, held_pct, mean_error, mean_error_no_change, better (bool: beats "no change").
    """
    by_method = tested.groupby("method", sort=False)
    frame = by_method.agg(
        tests=("held", "size"), held=("held", "sum"), mean_error=("error", "mean"),
        mean_error_no_change=("error_no_change", "mean"))
    frame = frame.reindex([method for method in METHODS if method in frame.index]).reset_index()
    return frame.assign(
        held_pct=100 * frame["held"] / frame["tests"], better=frame["mean_error"] < frame["mean_error_no_change"])
