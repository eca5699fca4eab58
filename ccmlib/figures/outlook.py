"""When will there be 130 States Parties? Two published methods look ahead; a back-test says how far to believe them.

*Pace*: a random walk with drift, the average of the last years going on, with the uncertainty of the drift in the
interval (the drift method of Hyndman and Athanasopoulos, Forecasting: Principles and Practice). *Slowing pace*:
Holt's trend, damped (Gardner and McKenzie, 1985), on all months since 2008. Both come from statsmodels. The back-test
stands at each past period, looks two years ahead with what was known then, and compares with what came and with "no
change".
"""

import warnings
from statistics import NormalDist

import numpy as np
import pandas as pd

from ccmlib.figures import series as figures
from ccmlib.treaty import convention
from ccmlib.treaty.facts import Facts

#: Dubrovnik Action Plan, Action 1.1: States Parties by the Second Review Conference.
TARGET = 130
#: Share of futures that an interval is meant to hold.
LEVEL = 0.8
#: How far the back-test looks ahead, and how far a forecast looks for the target: beyond, it is not reached in any time
#: that matters.
MONTHS_AHEAD, FARTHEST = 24, 12 * 50
#: Fewest months from which a damped trend can be told from a straight one.
FEWEST_MONTHS = 36
SLOWING = "Slowing pace"
METHODS = ("Pace of 3 years", "Pace of 5 years", "Pace of 10 years", SLOWING)
PACES = dict(zip(METHODS, (3, 5, 10), strict=False))


def forecast(monthly: pd.Series, method: str, steps: int = MONTHS_AHEAD) -> pd.DataFrame | None:
    """Look ahead from the last month of a series, using nothing later; None where the history is too short.

    Columns, by month: on, value, lower, upper, and a_year, the pace with which it starts.
    """
    history = monthly.to_numpy("float64")
    if method == SLOWING:
        if len(history) < FEWEST_MONTHS or history[0] == history[-1]:
            return None
        path = _damped(history, steps)
        a_year = 12 * (path["value"].iloc[0] - history[-1])
    else:
        years = PACES[method]
        if len(history) <= 12 * years:
            return None
        history = history[-12 * years - 1:]
        path, a_year = _drift(history, steps), (history[-1] - history[0]) / years
    return path.assign(on=_same_day(monthly.index[-1], range(1, steps + 1)), a_year=a_year)


def _drift(history: np.ndarray, steps: int) -> pd.DataFrame:
    """Go on at the average monthly change, which least squares give with its uncertainty."""
    from statsmodels.regression.linear_model import OLS  # slow to import

    changes = np.diff(history)
    fitted = OLS(changes, np.ones_like(changes)).fit()
    ahead = np.arange(1, steps + 1)
    # After so many months both the drift's own error and the steps' scatter have added up.
    spread = NormalDist().inv_cdf(0.5 + LEVEL / 2) * np.sqrt((ahead * fitted.bse[0]) ** 2 + ahead * fitted.scale)
    middle = history[-1] + ahead * fitted.params[0]
    return pd.DataFrame({"value": middle, "lower": middle - spread, "upper": middle + spread})


def _damped(history: np.ndarray, steps: int) -> pd.DataFrame:
    """Go on at a pace that slows as it has slowed so far."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel  # slow to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = ETSModel(pd.Series(history), error="add", trend="add", damped_trend=True).fit(disp=0)
        ahead = fitted.get_prediction(start=len(history), end=len(history) + steps - 1).summary_frame(alpha=1 - LEVEL)
    return ahead.rename(columns={"mean": "value", "pi_lower": "lower", "pi_upper": "upper"}).reset_index(drop=True)


def monthly(name: str, on: pd.Timestamp, facts: Facts | None = None) -> pd.Series:
    """Give a figure at the same day of each month up to a day, since the Convention was opened for signature."""
    start = convention.OPENED_FOR_SIGNATURE_ON
    length = (on.year - start.year) * 12 + on.month - start.month - (on.day < start.day)
    return figures.series(name, _same_day(on, range(-length, 1)), facts)["value"]


def _same_day(on: pd.Timestamp, months: range) -> list[pd.Timestamp]:
    return [on + pd.DateOffset(months=number) for number in months]


def target_dates(facts: Facts, on: pd.Timestamp) -> pd.DataFrame:
    """Say when the target of States Parties will be reached, by each method for which there is history enough.

    Columns: method, a_year, reached_on, earliest_on (where the upper end of the 80 % interval reaches it) and latest_on
    (where the lower end does), missing where not within fifty years.
    """
    history = monthly("states_parties", on, facts).dropna()  # to the day that the sources reach
    rows = []
    for method in METHODS:
        path = forecast(history, method, FARTHEST)
        if path is not None:
            dates = [path.loc[path[column] >= TARGET, "on"].min() for column in ("value", "upper", "lower")]
            rows.append((method, path["a_year"].iloc[0], *dates))
    frame = pd.DataFrame(rows, columns=["method", "a_year", "reached_on", "earliest_on", "latest_on"])
    return frame.astype({column: "datetime64[us]" for column in ("reached_on", "earliest_on", "latest_on")})


def back_test(facts: Facts, periods: pd.DataFrame, until: pd.Timestamp) -> pd.DataFrame:
    """Stand at the end of each past period, look two years ahead with what was known then, and compare.

    Columns: method, period, on (the day looked at), then (States Parties when looking), forecast, lower, upper, actual, held
    (bool), error and error_no_change (both absolute).
    """
    rows = []
    for period in periods.itertuples():
        on = period.end + pd.DateOffset(months=MONTHS_AHEAD)
        if on > until or np.isnan(actual := figures.value("states_parties", on, facts)):
            continue
        history = monthly("states_parties", period.end, facts)
        for method in METHODS:
            path = forecast(history, method)
            if path is not None:
                ahead = path[["value", "lower", "upper"]].iloc[-1]
                rows.append((method, period.period, on, history.iloc[-1], *ahead, actual))
    frame = pd.DataFrame(rows, columns=["method", "period", "on", "then", "forecast", "lower", "upper", "actual"])
    return frame.assign(
        held=frame["actual"].between(frame["lower"], frame["upper"]),
        error=(frame["forecast"] - frame["actual"]).abs(), error_no_change=(frame["then"] - frame["actual"]).abs())


def verdict(tested: pd.DataFrame) -> pd.DataFrame:
    """Sum up a back-test: method, tests, held, held_pct, mean_error, mean_error_no_change, better (beats "no change")."""
    frame = tested.groupby("method").agg(
        tests=("held", "size"), held=("held", "sum"), mean_error=("error", "mean"),
        mean_error_no_change=("error_no_change", "mean"))
    frame = frame.reindex([method for method in METHODS if method in frame.index]).reset_index()
    return frame.assign(
        held_pct=100 * frame["held"] / frame["tests"], better=frame["mean_error"] < frame["mean_error_no_change"])
