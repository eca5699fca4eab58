"""The outlook: known series give known forecasts, nothing later than the day is used, the back-test is honest."""

import numpy as np
import pandas as pd
import pytest

from ccmlib.figures import outlook
from ccmlib.treaty import build, periods
from ccmlib.treaty.facts import Facts

END = pd.Timestamp(2025, 6, 30)


@pytest.fixture(scope="module")
def tested(facts):
    return outlook.back_test(facts, facts["periods"], END)


def line(months, a_month, start=0.0):
    days = [pd.Timestamp(2010, 1, 31) + pd.DateOffset(months=month) for month in range(months)]
    return pd.Series(start + a_month * np.arange(months), index=days)


def test_a_straight_line_goes_on_straight():
    found = outlook.forecast(line(61, 0.5), "Pace of 5 years")
    assert found["a_year"].iloc[0] == pytest.approx(6)
    assert found["value"].iloc[-1] == pytest.approx(30 + 24 * 0.5)
    assert found["lower"].iloc[-1] == pytest.approx(found["upper"].iloc[-1])


def test_the_interval_is_that_of_a_random_walk_with_an_estimated_drift():
    changes = np.tile([0.0, 1.0, 2.0, 1.0], 9)
    history = pd.Series(np.concatenate([[0.0], changes.cumsum()]), index=line(37, 0).index)
    found = outlook.forecast(history, "Pace of 3 years", 12).iloc[-1]
    scatter, steps = changes.var(ddof=1), len(changes)
    spread = 1.2815515655446004 * np.sqrt(12 * scatter + 144 * scatter / steps)
    assert found["value"] == pytest.approx(history.iloc[-1] + 12)
    assert found["upper"] - found["value"] == pytest.approx(spread)


def test_too_short_a_history_gives_no_forecast():
    assert outlook.forecast(line(36, 1.0), "Pace of 3 years") is None
    assert outlook.forecast(line(35, 1.0), outlook.SLOWING) is None
    assert outlook.forecast(line(50, 0.0), outlook.SLOWING) is None


def test_nothing_that_came_later_is_used(facts):
    day = pd.Timestamp(2016, 6, 30)
    before = Facts(dict(facts))
    actions = before["treaty_actions"]
    before["treaty_actions"] = actions[actions["date"] <= day]
    before["observations"] = before["observations"].head(0)
    build._derive(before)
    before = Facts(before)
    for method in (outlook.SLOWING, "Pace of 5 years"):
        then = outlook.forecast(outlook.monthly("states_parties", day, before), method)
        now = outlook.forecast(outlook.monthly("states_parties", day, facts), method)
        pd.testing.assert_frame_equal(then, now)


def test_a_forecast_is_the_same_each_time(facts):
    history = outlook.monthly("states_parties", END, facts)
    first, second = (outlook.forecast(history, outlook.SLOWING) for _ in range(2))
    pd.testing.assert_frame_equal(first, second, check_exact=True)


def test_when_the_goal_will_be_reached(facts):
    dates = outlook.target_dates(facts, pd.Timestamp(2016, 6, 30)).set_index("method")
    assert list(dates.index) == ["Pace of 3 years", "Pace of 5 years", outlook.SLOWING]
    five = dates.loc["Pace of 5 years"]
    assert five["a_year"] == pytest.approx(8.2)
    months = [f"{five[key]:%Y-%m}" for key in ("earliest_on", "reached_on", "latest_on")]
    assert months == ["2019-02", "2020-02", "2021-12"]
    assert pd.isna(dates.loc[outlook.SLOWING, "reached_on"])


def test_the_first_period_is_too_young_for_any_method(facts):
    first = periods.from_table(facts["periods"], "1MSP")
    assert outlook.target_dates(facts, first.end).empty
    nothing = outlook.back_test(facts, facts["periods"], first.end)
    assert nothing.empty
    assert outlook.verdict(nothing).empty


def test_the_back_test_looks_two_years_ahead_of_each_period(tested, facts):
    ends = facts["periods"].set_index("period")["end"]
    assert (tested["on"] == tested["period"].map(ends) + pd.DateOffset(months=24)).all()
    assert (tested["on"] <= END).all()
    six = tested[tested["period"] == "6MSP"]
    assert set(six["then"]) == {100}
    assert set(six["actual"]) == {103}


def test_the_back_test_says_which_method_beats_no_change(tested):
    verdict = outlook.verdict(tested).set_index("method")
    assert list(verdict["tests"]) == [11, 9, 4, 11]
    assert list(verdict["held"]) == [6, 3, 0, 11]
    assert list(verdict["better"]) == [False, False, False, True]
    assert list(verdict["mean_error"]) == pytest.approx([6.85, 7.13, 9.65, 2.22], abs=0.01)
    assert list(verdict["mean_error_no_change"]) == pytest.approx([6.0, 4.78, 2.0, 6.0], abs=0.01)
