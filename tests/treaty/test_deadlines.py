"""Deadlines of Articles 3 and 4: what had been decided by the day, and what nobody published."""

import pandas as pd

from ccmlib.treaty import deadlines


def day(text):
    return pd.Timestamp(text)


def made(*rows, iso3="URY"):
    columns = ["iso3", "article", "kind", "deadline_on", "decided_on", "known_on"]
    table = pd.DataFrame([(iso3, 3, *row) for row in rows], columns=columns).assign(source="s", row="r")
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
    assert pd.isna(on(frame, "2021-05-31"))  # when the extension of 2017 ran out is not known
    assert on(frame, "2021-06-01") == day("2023-08-01")
    extended = deadlines.extended(frame, ["URY"], [day("2017-09-05"), day("2018-01-01")])
    assert (extended.sure[0].tolist(), extended.possible[0].tolist()) == ([False, True], [False, True])


def test_a_deadline_that_ran_out_may_have_been_extended_unless_a_source_still_prints_it():
    alone = deadlines.passed(made(), ["URY"], [day("2018-08-01"), day("2018-08-02")])
    assert (alone.sure[0].tolist(), alone.possible[0].tolist()) == ([False, False], [False, True])
    printed = made(("published", "2018-08-01", None, "2019-05-01"))
    found = deadlines.passed(printed, ["URY"], [day("2018-08-01"), day("2019-05-01"), day("2019-05-02")])
    assert (found.sure[0].tolist(), found.possible[0].tolist()) == ([False, True, False], [False, True, True])
    assert (found.last[0].tolist(), found.last_no[0].tolist()) == ([False, True, False], [True, False, False])
    assert found.silent.tolist() == [[False] * 3]


def test_an_extension_without_a_published_end_runs_at_least_to_the_deadline_that_it_extended():
    frame = made(("extension_granted", None, "2017-09-06", "2018-01-01"))
    found = deadlines.passed(frame, ["URY"], [day("2018-01-01"), day("2018-08-01"), day("2018-08-02")])
    assert not found.sure.any()
    assert found.possible[0].tolist() == [False, False, True]


def test_the_deadline_of_the_treaty_comes_first_and_rests_on_no_row():
    frame = made(("extension_granted", "2022-08-01", "2017-09-06", "2020-01-01"))
    assert set(frame.columns) == {
        "iso3", "from_on", "deadline_on", "extends_on", "extended", "confirmed_on", "source", "row"}
    assert frame["row"].tolist() == frame["source"].replace("s", "r").tolist() == ["", "r"]
    assert frame["extends_on"].tolist() == frame["deadline_on"].tolist() == [day("2018-08-01"), day("2022-08-01")]


def test_a_request_is_no_extension_and_two_sources_of_one_extension_are_one():
    assert len(made(("extension_requested", "2022-08-01", None, "2017-09-06"))) == 1
    twice = [("extension_granted", "2022-08-01", "2017-09-06", known) for known in ("2018-01-01", "2019-01-01")]
    assert len(made(*twice)) == 2


def test_an_extension_of_a_state_without_an_obligation_gives_no_deadline():
    assert made(("extension_granted", "2022-08-01", "2017-09-06", "2020-01-01"), iso3="CHE")["iso3"].tolist() == ["URY"]


def test_an_extension_without_a_published_end_extends_its_own_state_s_deadline_of_the_same_day_or_later():
    frame = made(("extension_granted", None, "2018-08-01", "2019-01-01"))
    assert frame["extends_on"].tolist() == [day("2018-08-01")] * 2
    late = made(("extension_granted", None, "2018-09-06", "2020-01-01"))
    assert late["extends_on"].isna().tolist() == [False, True]
    bound = pd.Series({"CHE": day("2008-08-01"), "URY": day("2010-08-01")}, dtype="datetime64[us]")
    table = pd.DataFrame({"iso3": ["URY"], "article": 3, "kind": "extension_granted", "deadline_on": [pd.NaT],
                          "decided_on": [day("2016-01-01")], "known_on": [day("2017-01-01")], "source": "s", "row": "r"})
    both = deadlines.steps({"deadlines": table.astype({"deadline_on": "datetime64[us]"})}, bound, 3)
    assert both.loc[both["iso3"] == "URY", "extends_on"].tolist() == [day("2018-08-01")] * 2


def test_an_extended_deadline_is_in_effect_up_to_its_day():
    frame = made(("extension_granted", "2022-08-01", "2017-09-06", "2020-01-01"))
    found = deadlines.extended(frame, ["URY"], [day("2022-08-01"), day("2022-08-02")])
    assert (found.sure[0].tolist(), found.possible[0].tolist()) == ([True, False], [True, True])
    of_the_treaty = deadlines.extended(made(), ["URY"], [day("2018-08-01"), day("2018-08-02")])
    assert (of_the_treaty.sure[0].tolist(), of_the_treaty.possible[0].tolist()) == ([False, False], [False, True])
