"""Charts of series: a line where the value is known, a band between bounds, nothing where nothing is known."""

import numpy as np
import pandas as pd
import pytest
from overlaps import overlaps

from ccmlib import charts
from ccmlib.charts import over_time as draw

DAYS = pd.date_range("2009-01-31", "2025-06-30", freq="ME")


@pytest.fixture
def series():
    """Known at first, then within bounds, then only at least, then not at all but for one day."""
    frame = pd.DataFrame({"value": 40.0, "lower": 40.0, "upper": 40.0}, index=DAYS)
    frame.loc["2012":, ["value", "upper"]] = [np.nan, 60.0]
    frame.loc["2015":, "upper"] = np.nan
    frame.loc["2018":, "lower"] = np.nan
    frame.loc["2020-06-30"] = 50.0
    return frame


def drawn(series, title="Initial reports overdue", **options):
    fig, ax = charts.new(width=2.5, height=1.8)
    draw.panel(ax, series, title, **options)
    return fig, ax


def test_a_gap_stays_a_gap_and_a_single_day_is_a_dot(series):
    _, ax = drawn(series)
    lower, value, dot = ax.get_lines()
    assert np.isnan(np.asarray(value.get_ydata(), dtype="float64")[-1])
    assert list(dot.get_xdata()) == [pd.Timestamp(2020, 6, 30)]
    known_lower = pd.Series(lower.get_ydata(), index=lower.get_xdata()).dropna()
    assert known_lower.index.min() == pd.Timestamp(2015, 1, 31)


def test_the_corners_of_the_steps_are_enough(series):
    _, ax = drawn(series)
    value = ax.get_lines()[1]
    assert len(value.get_xdata()) < 12
    assert pd.Series(value.get_ydata()).max() == 50


def test_the_last_label_says_what_is_known():
    for row, text in (((7, 7, 7), "7"), ((np.nan, 3, 5), "3–5"), ((np.nan, 4, np.nan), "≥ 4")):
        _, ax = drawn(pd.DataFrame([row] * 20, columns=["value", "lower", "upper"], index=DAYS[-20:], dtype="float64"))
        assert [label.get_text() for label in ax.texts] == [text]
    nothing = pd.DataFrame(np.nan, columns=["value", "lower", "upper"], index=DAYS[-20:])
    _, ax = drawn(nothing, unknown="not told")
    assert [label.get_text() for label in ax.texts] == ["not told"]


def test_small_multiples_do_not_collide(series):
    fig, axes = charts.new(height=9.6, nrows=5, ncols=3)
    printed = pd.Series([55.0], [DAYS[90]])
    for ax in axes.flat:
        draw.panel(ax, series, "Obligations of stockpile destruction completed", "%", DAYS[::12], printed)
    charts.finish(fig, "A finding", "What, where, when", "Source: a publisher")
    assert overlaps(fig) == []
