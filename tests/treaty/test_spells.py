"""Spells: counted by bisection, one by one with the same outcome; possible days are bounds, never values."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from ccmlib.treaty import spells

ORIGIN = pd.Timestamp(2010, 1, 1)
day_numbers = st.integers(min_value=0, max_value=60)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(st.sampled_from("ABCD"), day_numbers, day_numbers, st.booleans()), max_size=12),
       st.lists(day_numbers, min_size=1, max_size=6))
def test_counting_by_bisection_equals_counting_one_by_one(rows, asked):
    frame = pd.DataFrame(rows, columns=["iso3", "a", "b", "sure"]).assign(source="s", row="r")
    days = {key: ORIGIN + pd.to_timedelta(frame[key].astype("int64"), unit="D") for key in "ab"}
    made = spells.together(spells.spells(frame, days["a"], days["b"], frame["sure"].astype(bool)))
    asked = pd.DatetimeIndex([ORIGIN + pd.Timedelta(days=number) for number in asked])
    counted = spells.count(made, asked)
    for day, (_, bounds) in zip(asked, counted.iterrows(), strict=True):
        at = spells.on_day(made, day)
        assert bounds["lower"] == at["sure"].astype(bool).sum()
        assert bounds["upper"] == len(at)
        assert bounds["value"] == len(at) if at["sure"].all() else np.isnan(bounds["value"])


def frame_of(*rows):
    frame = pd.DataFrame(rows, columns=["iso3", "a", "b", "sure"]).assign(source="s", row="r")
    first, end = (ORIGIN + pd.to_timedelta(frame[key], unit="D") for key in "ab")
    return spells.together(spells.spells(frame, first, end, frame["sure"]))


def test_the_last_day_of_a_spell_is_the_day_before_it_ends():
    days = pd.date_range(ORIGIN, periods=3)
    counted = spells.count(frame_of(("PER", 0, 2, True)), days)
    assert list(counted["value"]) == [1, 1, 0]


def test_a_spell_within_another_is_sure_only_where_both_are():
    inner = frame_of(("PER", 0, 10, True), ("CHL", 0, 10, True))
    outer = frame_of(("PER", 5, 20, False), ("CHL", 5, 8, True))
    found = spells.within(inner, outer).set_index("iso3")
    assert list(found.loc[["CHL", "PER"], "sure"]) == [True, False]
    assert found.loc["CHL", "to_on"] == ORIGIN + pd.Timedelta(days=8)


def test_nothing_counts_as_nothing():
    assert list(spells.count(spells.together(), [ORIGIN])["value"]) == [0]


def test_looking_up_in_no_values_gives_no_value():
    found = spells.look_up(pd.Series(["PER"]), pd.Series([], index=pd.Index([], dtype="str"), dtype="datetime64[us]"))
    assert found.isna().all()
