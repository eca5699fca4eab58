"""Deadlines of Articles 3 and 4: what had been decided by the day, and what nobody published."""

import pandas as pd

from ccmlib.treaty import deadlines


def day(text):
    return pd.Timestamp(text)


def made(*rows):
    columns = ["iso3", "article", "kind", "deadline_on", "decided_on", "known_on"]
    table = pd.DataFrame([("URY", 3, *row) for row in rows], columns=columns).assign(source="s", row="r")
    for column in columns[3:]:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    bound = pd.Series({"URY": day("2010-08-01")}, dtype="datetime64[us]")
    return deadlines.steps({"deadlines": table}, bound, 3)


def on(frame, text):
    return deadlines.in_effect(frame, day(text)).loc["URY", "deadline_on"]


def test_an_extension_applies_from_the_day_it_was_decided():
    frame = made(("extension_granted", "2022-08-01", "2017-09-06", "2020-01-01"))
    assert [on(frame, text) for text in ("2017-09-05", "2017-09-06")] == [day("2018-08-01"), day("2022-08-01")]


def test_without_its_day_it_applies_when_a_source_tells_or_when_the_one_before_ran_out():
    frame = made(("extension_granted", "2022-08-01", None, "2019-03-01"))
    assert [on(frame, text) for text in ("2018-07-31", "2018-08-01")] == [day("2018-08-01"), day("2022-08-01")]
    early = made(("extension_granted", "2022-08-01", None, "2018-01-01"))
    assert on(early, "2018-01-01") == day("2022-08-01")


def test_an_extension_without_a_published_end_has_no_deadline_and_is_an_extension():
    frame = made(("extension_granted", None, "2017-09-06", "2018-01-01"),
                 ("extension_granted", "2023-08-01", None, "2021-06-01"))
    assert pd.isna(on(frame, "2018-01-01"))
    assert on(frame, "2021-06-01") == day("2023-08-01")
    extended = deadlines.extended(frame, ["URY"], [day("2017-09-05"), day("2018-01-01")])
    assert (extended.sure[0].tolist(), extended.possible[0].tolist()) == ([False, True], [False, True])


def test_a_deadline_that_ran_out_may_have_been_extended_unless_a_source_still_prints_it():
    alone = deadlines.passed(made(), ["URY"], [day("2018-08-01"), day("2018-08-02")])
    assert (alone.sure[0].tolist(), alone.possible[0].tolist()) == ([False, False], [False, True])
    printed = made(("published", "2018-08-01", None, "2019-05-01"))
    found = deadlines.passed(printed, ["URY"], [day("2019-05-01"), day("2019-05-02")])
    assert (found.sure[0].tolist(), found.possible[0].tolist()) == ([True, False], [True, True])


def test_an_extension_without_a_published_end_runs_at_least_to_the_deadline_that_it_extended():
    frame = made(("extension_granted", None, "2017-09-06", "2018-01-01"))
    found = deadlines.passed(frame, ["URY"], [day("2018-01-01"), day("2018-08-01"), day("2018-08-02")])
    assert not found.sure.any()
    assert found.possible[0].tolist() == [False, False, True]
