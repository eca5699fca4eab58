"""Charts of obligations: every kind of bar is drawn and explained, labels do not collide, gaps stay gaps."""

import pandas as pd
import pytest
from overlaps import overlaps

from ccmlib import charts
from ccmlib.charts import obligations

DAY = pd.Timestamp("2020-06-30")


@pytest.fixture
def rows():
    """One State for each kind of bar."""
    def line(state, standing, since="2010-08-01", deadline="2018-08-01", **more):
        return {"state": state, "standing": standing, "since": since, "deadline_on": deadline,
                "treaty_deadline_on": "2018-08-01", "ended_precision": "", "last_end_on": None, "requested_on": None,
                "extended": False, "passed": False} | more

    frame = pd.DataFrame([
        line("Botswana", "open", deadline="2021-12-01"),
        line("Germany", "open", deadline="2025-08-01", extended=True, requested_on="2030-08-01"),
        line("Guinea-Bissau", "open", passed=True),
        line("Cuba", "unknown", last_end_on="2020-12-31", ended_precision="year"),
        line("Denmark", "ended", last_end_on="2014-03-20", ended_precision="day"),
        line("United Kingdom of Great Britain and Northern Ireland", "ended", last_end_on="2013-02-28",
             ended_precision="by"),
    ])
    days = [name for name in frame if name.endswith("_on") or name == "since"]
    return frame.assign(**{name: pd.to_datetime(frame[name]) for name in days})


def finished(fig):
    charts.finish(fig, "What was found", "What, when, unit", "The exports")
    return overlaps(fig)


def test_timeline_explains_each_kind_that_it_draws_and_no_other(rows):
    fig, ax = charts.new(height=3.5)
    charts.obligations_timeline(ax, rows, DAY, "30 June 2020", str.upper)
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [words.upper() for words in obligations.LEGEND.values()]
    assert finished(fig) == []

    fig, ax = charts.new(height=3.5)
    charts.obligations_timeline(ax, rows.iloc[[0, 4]], DAY, "30 June 2020")
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == [obligations.LEGEND[kind] for kind in ("open", "ended", "deadline")]


def test_timeline_dates_the_deadlines_and_extensions_of_open_obligations_only(rows):
    _, ax = charts.new(height=3.5)
    charts.obligations_timeline(ax, rows, DAY, "30 June 2020")
    months = [text.get_text() for text in ax.texts if text.get_text()[:2] == "20"]
    assert months == ["2021-12", "2025-08", "2018-08", "2030-08"]


def counted(pairs):
    days = pd.date_range("2010-08-01", periods=len(pairs), freq="MS")
    return pd.DataFrame(pairs, columns=["lower", "upper"], index=days, dtype="float64")


@pytest.mark.parametrize(("last", "expected"), [((10, 10), "open 10"), ((3, 11), "open 3–11")])
def test_bounds_name_the_last_value_or_both_bounds(last, expected):
    fig, ax = charts.new()
    charts.bounds(ax, counted([(7, 13)] * 20 + [last]), "open", "#0077b6", "possibly open")
    assert {text.get_text() for text in ax.texts} == {expected, "possibly open"}
    assert finished(fig) == []


def test_bounds_that_agree_need_no_word_for_the_band():
    _, ax = charts.new()
    charts.bounds(ax, counted([(7, 7), (8, 8)]), "open", "#0077b6", "possibly open")
    assert [text.get_text() for text in ax.texts] == ["open 8"]


def test_stems_stand_where_something_was_published_and_labels_give_way():
    frame = pd.DataFrame({
        "state": ["Bosnia and Herzegovina"] * 3 + ["Iraq"] * 2,
        "on": pd.to_datetime(["2015-12-31", "2015-12-31", "2017-12-31", "2015-07-01", "2015-07-20"]),
        "value": [7.3, 0.85, 6.47, 8.0, 8.1], "shown": ["7.3", "0.85", "6.47", "8", "8.1"],
        "kind": ["suspected", "contaminated", "contaminated", "cleared", "cleared"]})
    fig, ax = charts.new(height=3)
    charts.year_stems(ax, frame, 2015, 2018, order=["contaminated", "suspected", "reduced", "cleared"])
    labels = {text.get_text(): text.get_ha() for text in ax.texts}
    assert labels == {"7.3": "center", "0.85": "left", "6.47": "center", "8.1": "center"}
    legend = [text.get_text() for text in ax.get_legend().get_texts()]
    assert legend == ["contaminated", "suspected", "cleared"]
    assert finished(fig) == []


def test_stems_of_one_kind_need_no_legend_and_zero_is_a_figure_too():
    frame = pd.DataFrame({
        "state": ["Bulgaria"], "on": pd.to_datetime(["2015-07-31"]), "value": [0.0], "shown": ["0"],
        "kind": ["Monitor"]})
    _, ax = charts.new(height=2)
    charts.year_stems(ax, frame, 2015, 2016)
    assert ax.get_legend() is None
    assert [text.get_text() for text in ax.texts] == ["0"]
