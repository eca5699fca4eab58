"""Quantities as published, and the last day of which the exports know anything."""

import pandas as pd
import pytest

from ccmlib.figures import quantities


def day(text):
    return pd.Timestamp(text)


@pytest.fixture
def disclosures():
    frame = pd.DataFrame(
        [
            ("DEU", 3, None, 54800.0, "more than 54,800", "submunitions", "2015-08-13"),
            ("DEU", 3, 2015, 4_800_000.0, "4.8 million", "submunitions", None),
            ("BGR", 3, None, 173161.0, "", "submunitions", "2015-07-31"),
            ("BGR", 3, 2015, 1.0, "x", "reported", "2016-06-30"),
            ("DEU", 3, None, None, "end of 2015", "date", "2012-07-31"),
            ("LAO", 4, 2017, 33.0, "", "km2", None),
        ],
        columns=["iso3", "article", "covers_year", "value", "text", "unit", "as_of"])
    return frame.astype({"covers_year": "Int64", "as_of": "datetime64[us]", "value": "float64", "text": "str"})


def test_as_published_keeps_the_publishers_words_and_leaves_out_marks_and_dates(disclosures):
    rows = quantities.as_published(disclosures, 3, day("2016-06-30"))
    assert list(rows["text"]) == ["more than 54,800", "4.8 million", "173,161"]
    assert list(rows["shown"]) == ["> 54,800", "4.8 m", "173,161"]
    assert list(rows["on"]) == [day("2015-08-13"), day("2015-07-01"), day("2015-07-31")]


def test_figure_of_a_year_counts_when_the_year_is_over(disclosures):
    assert len(quantities.as_published(disclosures, 4, day("2017-12-30"))) == 0
    assert len(quantities.as_published(disclosures, 4, day("2017-12-31"))) == 1


def test_nothing_published_yet(disclosures):
    assert quantities.as_published(disclosures, 3, day("2010-01-01")).empty


def test_last_heard_is_the_latest_row_and_not_before_the_day_all_were_known(disclosures):
    deadlines = pd.DataFrame({"iso3": ["LAO"], "article": [4], "known_on": [day("2020-12-31")]})
    coverage = pd.DataFrame({"subject": ["obligations"], "to_on": [day("2016-06-30")]})
    heard = quantities.last_heard(pd.Series(["LAO", "TCD"]), deadlines, disclosures, coverage, 4)
    assert list(heard) == [day("2020-12-31"), day("2016-06-30")]
    of_year = quantities.last_heard(pd.Series(["LAO"]), deadlines.iloc[:0], disclosures, coverage, 4)
    assert list(of_year) == [day("2017-07-01")]
