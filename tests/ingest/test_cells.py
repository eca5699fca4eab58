import datetime as dt

import numpy as np
import pandas as pd
import pytest

from ccmlib.base.names import StateNames
from ccmlib.base.problems import NotReadable
from ccmlib.ingest import amounts, column_kinds, dates
from ccmlib.ingest.column_kinds import Cells
from ccmlib.ingest.layouts import ColumnRule

NAMES = StateNames.from_raw()
DAY = dt.date


@pytest.mark.parametrize(
    ("value", "first", "last", "precision"),
    [
        (DAY(2016, 4, 6), DAY(2016, 4, 6), DAY(2016, 4, 6), "day"),
        (dt.datetime(2016, 4, 6), DAY(2016, 4, 6), DAY(2016, 4, 6), "day"),
        ("3 Dec 2008", DAY(2008, 12, 3), DAY(2008, 12, 3), "day"),
        ("3rd December 2008", DAY(2008, 12, 3), DAY(2008, 12, 3), "day"),
        ("December 3, 2008", DAY(2008, 12, 3), DAY(2008, 12, 3), "day"),
        ("2016-04-06", DAY(2016, 4, 6), DAY(2016, 4, 6), "day"),
        ("2016-04-06 00:00:00", DAY(2016, 4, 6), DAY(2016, 4, 6), "day"),
        ("25/04/2016", DAY(2016, 4, 25), DAY(2016, 4, 25), "day"),
        ("04/25/2016", DAY(2016, 4, 25), DAY(2016, 4, 25), "day"),
        ("4.4.2016", DAY(2016, 4, 4), DAY(2016, 4, 4), "day"),
        ("2015-10", DAY(2015, 10, 1), DAY(2015, 10, 31), "month"),
        ("June 2014", DAY(2014, 6, 1), DAY(2014, 6, 30), "month"),
        ("Sept 2016", DAY(2016, 9, 1), DAY(2016, 9, 30), "month"),
        (2011.0, DAY(2011, 1, 1), DAY(2011, 12, 31), "year"),
        ("2024 edition", DAY(2024, 1, 1), DAY(2024, 12, 31), "year"),
        ("2013 (initial report)", DAY(2013, 1, 1), DAY(2013, 12, 31), "year"),
        ("by Feb 2012", DAY(2012, 2, 29), DAY(2012, 2, 29), "by"),
        ("12 Sep 2015 – 30 Jun 2016", DAY(2015, 9, 12), DAY(2016, 6, 30), "range"),
        ("1996 to June 2011", DAY(1996, 1, 1), DAY(2011, 6, 30), "range"),
        ("2017-2019", DAY(2017, 1, 1), DAY(2019, 12, 31), "range"),
    ],
)
def test_dates_as_people_write_them(value, first, last, precision):
    when = dates.read(value)
    assert (when.first, when.last, when.precision) == (first, last, precision)


def test_what_brackets_say_of_a_date_is_kept():
    assert dates.read("2015-07-31 (source error: see 2019)").remark == "source error: see 2019"


@pytest.mark.parametrize(
    ("value", "expected", "suggestion"),
    [
        ("03/04/2016", "cannot be swapped", "3 April 2016 or 4 March 2016"),
        (
            "42466",
            "not the serial number",
            "6 April 2016, or 7 April 2020 if it comes from a workbook of the 1904 system",
        ),
        (42466.0, "not the serial number", "6 April 2016, or 7 April 2020"),
        ("3-Dec-08", "four digits", "3-Dec-2008"),
        ("31 Jun 2016", "a day that exists", "30 June 2016"),
        ("29 Feb 2015", "a day that exists", "28 February 2015"),
        ("0 Jun 2016", "a day that exists", ""),
        ("00/01/2016", "a day that exists", ""),
        ("Ocotber 2015", "a month in English", "October 2015"),
        ("3 décembre 2008", "a month in English", ""),
        ("3 Dec 1908", "a year from 1990", ""),
        ("40/40/2016", "a month from 1 to 12", ""),
        ("soon", "a date such as", ""),
        (12.0, "a date such as", ""),
        (True, "a date", ""),
        (dt.time(3, 4), "a date", ""),
        (DAY(1904, 1, 1), "a year from 1990", ""),
        (dt.datetime(1500, 1, 1), "a year from 1990", ""),
        ("30 Jun 2016 – 12 Sep 2015", "not before its first", ""),
    ],
)
def test_what_is_no_date_or_can_be_misread(value, expected, suggestion):
    with pytest.raises(dates.NotADate) as caught:
        dates.read(value)
    assert expected in caught.value.expected
    assert suggestion in caught.value.suggestion


def test_the_past_does_not_lie_ahead(monkeypatch):
    monkeypatch.setattr(dates, "today", lambda: DAY(2016, 6, 30))
    assert dates.read_past("2016").last == DAY(2016, 12, 31)
    with pytest.raises(dates.NotADate, match="30 June 2016"):
        dates.read_past("1 Jul 2016")


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (54800, 54800), ("54,800", 54800), ("1 234", 1234), ("more than 54,800", 54800), ("at least 500", 500),
        ("more than 45.6", 45.6), ("4.8 million", 4_800_000),
        ("58 million (other editions: nearly 63 million)", 58_000_000),
        ("~ 12", 12), ("0.85", 0.85), ("-3", -3),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(value, number):
    assert amounts.read(value) == number


def test_a_quantity_in_words_has_no_number():
    assert np.isnan(amounts.read("some"))


@pytest.mark.parametrize(
    ("value", "suggestion"),
    [("1,5", "1.5"), ("1.234,5", "1234.5"), ("1.500", "1,500 or 1.5"), ("85 %", "percent as its unit"),
     ("85 percent", "percent as its unit"), ("abc", ""), ("12 bombs", ""), (True, ""),
     (DAY(2016, 4, 6), "format the cell")],
)  # fmt: skip
def test_what_is_no_number_or_can_be_misread(value, suggestion):
    with pytest.raises(NotReadable) as caught:
        amounts.read(value)
    assert suggestion in caught.value.suggestion


@pytest.mark.parametrize("value", [0.5, -1, "2.5"])
def test_a_count_is_whole(value):
    assert "whole number" in column("count", [value])[1][0][1]


def column(kind, values, **more):
    read = Cells.of(list(values))
    said, failed = column_kinds.read(read, ColumnRule("field", ("Label",), kind, **more), NAMES)
    arrays = {suffix: series.take(read.codes).tolist() for suffix, series in said.items()}
    failures = [(values[at], failed[code].expected, failed[code].suggestion) for at, code in enumerate(read.codes)
                if code in failed]  # fmt: skip
    return arrays, failures


def test_states_of_every_spelling_and_with_footnotes():
    spellings = [
        "Lao PDR",
        "Lao P.D.R. ",
        "Côte d’Ivoire",
        "Co\u0302te d'Ivoire",
        "Chad*",
        "Cameroon¹",
        "Palau [1]",
        "Slovakia\u00a0",
        "UK",
    ]
    arrays, failures = column("state", spellings)
    assert arrays[""] == ["LAO", "LAO", "CIV", "CIV", "TCD", "CMR", "PLW", "SVK", "GBR"]
    assert failures == []


def test_a_code_of_a_state_is_not_a_missing_value():
    assert column("state", ["NAM", "Namibia"])[0][""] == ["NAM", "NAM"]


@pytest.mark.parametrize(
    ("value", "expected", "suggestion"),
    [
        ("Yemenn", "a State", "Yemen"),
        ("Korea", "ambiguous", "Republic of Korea"),
        ("Сuba", "Cyrillic", "Cuba"),
        ("Kosovo", "territory", ""),
        ("Norway, Sweden", "a State", ""),
        (12.0, "a State", ""),
        ("n/a", "a State", ""),
    ],
)
def test_what_is_no_state_is_named_with_the_nearest(value, expected, suggestion):
    (failure,) = column("state", [value])[1]
    assert expected in failure[1]
    assert suggestion in failure[2]


def test_a_territory_keeps_its_name_where_it_may_stand():
    arrays, failures = column("state_or_territory", ["Kosovo", "Chad", "Kosovoo"])
    assert arrays["_name"][:1] == ["Kosovo"]
    assert [failure[0] for failure in failures] == ["Kosovoo"]


def test_a_nil_return_names_no_state():
    arrays, failures = column("state", ["none", "Chad"], nil=("none",))
    assert pd.isna(arrays[""][0])
    assert failures == []


def test_lists_of_states_keep_names_that_hold_a_comma_or_and():
    text = "Bosnia and Herzegovina, Lao People's Democratic Republic and Chad; Mali"
    assert column("states", [text, "–", ""])[0][""][0] == "BIH;LAO;TCD;MLI"


def test_lists_of_states_name_every_one_that_is_wrong():
    (failure,) = column("states", ["Chad; Malii; Togoo"])[1]
    assert "Malii" in failure[1]
    assert "Togoo" in failure[1]
    assert "Mali" in failure[2]
    assert "twice" in column("states", ["Chad; Mali; Chad"])[1][0][1]


def test_marks_are_marks_and_nothing_else():
    arrays, failures = column("mark", ["x", "X", "✓", "yes", "–", "", "n/a", "no", "none"], nil=("none",))
    assert arrays[""][:4] == [1, 1, 1, 1]
    assert np.isnan(arrays[""][4:8]).all()
    assert arrays[""][8] == 0
    assert failures == []
    assert [failure[2] for failure in column("mark", ["х", "1", "xx"])[1]] == ["x", "x", ""]


def test_true_and_one_are_not_the_same():
    arrays, failures = column("count", [1.0, True, 1.0])
    assert [arrays[""][0], arrays[""][2]] == [1, 1]
    assert [failure[0] for failure in failures] == [True]


def test_submission_on_a_day_between_days_or_by_a_day():
    arrays, _ = column("span", [DAY(2016, 4, 6), "12 Sep 2015 – 30 Jun 2016", "by 30 Jun 2016", "Mar 2016", "–"])
    stamps = {
        suffix: [None if pd.isna(day) else f"{pd.Timestamp(day):%Y-%m-%d}" for day in days]
        for suffix, days in arrays.items()
    }
    assert stamps["_on"] == ["2016-04-06", None, None, None, None]
    assert stamps["_from"] == [None, "2015-09-12", None, "2016-03-01", None]
    assert stamps["_by"] == [None, "2016-06-30", "2016-06-30", "2016-03-31", None]


def test_an_end_has_its_precision_and_is_no_span():
    arrays, failures = column("ended", ["June 2023", "by Feb 2013", "2011", "2015 – 2016"])
    assert arrays["_precision"][:3] == ["month", "by", "year"]
    assert [failure[0] for failure in failures] == ["2015 – 2016"]


def test_a_year_covered_is_not_a_day_of_information():
    arrays, _ = column("year_or_as_of", [2015.0, "2013 (initial report)", "2017-2019", "31 Dec 2014"])
    assert arrays["_covers_year"][0] == 2015
    assert pd.isna(arrays["_covers_year"][1:]).all()
    assert [None if pd.isna(day) else pd.Timestamp(day).year for day in arrays[""]] == [None, 2013, 2019, 2014]


def test_a_deposit_says_what_was_deposited():
    arrays, failures = column(
        "action_day", ["6 Apr 2016 a", "3 Dec 2008", "2 Apr 2009 AA", "2 Apr 2009 A", "12 Mar 2012 d", ""],
        choices={"": "ratification", "a": "accession", "A": "acceptance", "AA": "approval"},
    )
    assert arrays["_action"][:4] == ["accession", "ratification", "approval", "acceptance"]
    assert [failure[0] for failure in failures] == ["12 Mar 2012 d"]
    assert failures[0][1].endswith("AA (approval); d is succession")


def test_digits_are_read_as_the_column_says_which_comes_first():
    for day_first, month in ((True, 3), (False, 4)):
        arrays, failures = column("date", ["4/3/2016"], day_first=day_first)
        assert not failures
        assert np.datetime64(arrays[""][0]).astype(object).month == month
    assert column("date", ["4/3/2016"])[1]


def test_a_quantity_is_not_negative():
    assert [failure[0] for failure in column("quantity", [3.0, -3.0])[1]] == [-3.0]


def test_quantities_keep_the_words_that_say_more_than_the_number():
    arrays, failures = column("quantity", [12.0, "more than 54,800", "some", "–"])
    assert arrays["_text"][1:3] == ["more than 54,800", "some"]
    assert failures == []


def test_units_are_parted_from_their_remark():
    arrays, _ = column("unit", ["km2 (CHA)", "munitions"])
    assert arrays[""] == ["km2", "munitions"]
    assert arrays["_remark"][0] == "CHA"


def test_choices_name_the_nearest():
    (failure,) = column("choice", ["publishd"], choices={"published": "published", "extension granted": "g"})[1]
    assert failure[2] == "published"


def test_text_read_in_the_wrong_encoding_is_named():
    (failure,) = column("text", ["CÃ´te d'Ivoire"])[1]
    assert failure[2] == "Côte d'Ivoire"


def test_a_year_is_no_month():
    assert column("year", ["2015", "n/a"])[0][""][0] == 2015
    assert [failure[0] for failure in column("year", ["June 2015", "20155"])[1]] == ["June 2015", "20155"]


def test_a_flag_is_true_or_false():
    arrays, failures = column("flag", ["true", "FALSE", True, "perhaps"])
    assert arrays[""][:3] == [1, 0, 1]
    assert [failure[0] for failure in failures] == ["perhaps"]


def test_a_date_that_is_not_exact_is_refused_where_a_day_is_needed():
    assert [failure[0] for failure in column("date", ["June 2014", "by 3 Dec 2008"])[1]] == [
        "June 2014",
        "by 3 Dec 2008",
    ]


def test_cleaning_touches_only_what_needs_it():
    assert Cells.of(["a", "b c"]).values == ["a", "b c"]
    assert Cells.of([" a", "b\u00a0c", "d\ne", None]).values == ["a", "b c", "d e", ""]
