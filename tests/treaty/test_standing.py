"""Where States stand under Articles 3 and 4 when publishers say less than a day."""

import pandas as pd
import pytest

from ccmlib.treaty import standing

COLUMNS = ["iso3", "ended", "ended_precision"]


def day(text):
    return pd.Timestamp(text)


@pytest.fixture
def tables():
    """Five States bound from 1 August 2010; ends known to the day, month, year, or only as "by" a day."""
    states = ["DNK", "ESP", "HUN", "AUT", "PER", "GIN"]
    obligations = pd.DataFrame({
        "iso3": states, "article": 3, "since": day("2010-08-01"),
        "ended": pd.to_datetime(["2014-03-20", "2018-07-01", "2011-12-31", "2013-02-28", "2018-12-18", None]),
        "ended_precision": ["day", "month", "year", "by", "by", ""], "end_kind": "destroyed",
        "source": "s", "row": [f"o:{k}" for k in range(6)]})
    deadlines = pd.DataFrame({
        "iso3": ["PER", "PER", "GIN"], "article": 3, "kind": ["extension_granted", "published", "extension_requested"],
        "deadline_on": pd.to_datetime(["2020-08-01", "2018-08-01", "2023-08-01"]),
        "known_on": pd.to_datetime(["2018-09-01", "2017-08-01", "2018-06-01"]), "source": "s",
        "row": ["d:1", "d:2", "d:3"]})
    actions = pd.DataFrame({
        "iso3": states, "action": "ratification", "date": day("2009-01-01"), "source": "s",
        "row": [f"a:{k}" for k in range(6)]})
    as_days = {"since": "datetime64[us]", "ended": "datetime64[us]"}
    return obligations.astype(as_days), deadlines, actions


def on(tables, text):
    return standing.on_day(*tables, 3, day(text)).set_index("iso3")


@pytest.mark.parametrize(("iso3", "last_open", "first_ended"), [
    ("DNK", "2014-03-19", "2014-03-20"), ("ESP", "2018-06-30", "2018-07-31"), ("HUN", "2010-12-31", "2011-12-31"),
    ("PER", "2018-09-01", "2018-12-18"),
])
def test_open_until_it_can_have_ended_and_ended_from_the_last_day_that_it_can(tables, iso3, last_open, first_ended):
    assert on(tables, last_open).loc[iso3, "standing"] == "open"
    assert on(tables, first_ended).loc[iso3, "standing"] == "ended"
    between = day(first_ended) - pd.Timedelta(days=1)
    expected = "open" if iso3 == "DNK" else "unknown"
    assert on(tables, f"{between:%Y-%m-%d}").loc[iso3, "standing"] == expected


def test_by_a_day_and_never_seen_open_is_not_to_be_told_before(tables):
    assert on(tables, "2010-08-01").loc["AUT", "standing"] == "unknown"
    assert on(tables, "2013-02-28").loc["AUT", "standing"] == "ended"


def test_extension_counts_from_the_day_it_is_told_of_or_the_deadline_before_it_ran_out(tables):
    assert on(tables, "2018-08-01").loc["PER", "deadline_on"] == day("2018-08-01")
    after = on(tables, "2018-08-02").loc["PER"]
    assert (after["deadline_on"], after["extended"], after["passed"]) == (day("2020-08-01"), True, False)


def test_deadline_passed_only_where_surely_open(tables):
    assert list(on(tables, "2018-08-02").query("passed").index) == ["GIN"]
    assert on(tables, "2018-08-01").query("passed").empty


def test_extension_asked_for_and_not_granted(tables):
    assert on(tables, "2018-05-31")["requested_on"].isna().all()
    assert on(tables, "2018-06-01")["requested_on"].dropna().to_dict() == {"GIN": day("2023-08-01")}


def test_ended_within_a_period_only_where_no_day_outside_is_possible(tables):
    def within(start, end):
        frame = standing.on_day(*tables, 3, day(end))
        return list(standing.ended_within(frame, day(start), day(end))["iso3"])

    assert within("2014-01-01", "2014-12-31") == ["DNK"]
    assert within("2018-07-15", "2018-12-31") == ["PER"]
    assert within("2018-07-01", "2018-12-31") == ["ESP", "PER"]
    assert within("2010-08-01", "2013-12-31") == ["HUN"]  # Austria may have had none left when it joined
    assert within("2011-06-01", "2012-12-31") == []


def test_no_extension_at_all(tables):
    obligations, deadlines, actions = tables
    frame = standing.on_day(obligations, deadlines.iloc[:0], actions, 3, day("2015-01-01"))
    assert (frame["deadline_on"] == day("2018-08-01")).all()
    assert not frame["extended"].any()


def test_order_open_by_deadline_then_untold_then_ended_with_the_vaguest_last(tables):
    frame = standing.in_order(standing.on_day(*tables, 3, day("2018-12-31")))
    assert list(frame["iso3"]) == ["GIN", "HUN", "DNK", "ESP", "AUT", "PER"]
    earlier = standing.in_order(standing.on_day(*tables, 3, day("2011-12-30")))
    assert list(earlier["standing"]) == ["open"] * 4 + ["unknown"] * 2
