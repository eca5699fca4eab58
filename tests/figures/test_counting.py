"""Figures are counted no more surely than the tables tell."""

import pandas as pd
import pytest

from ccmlib.figures.counting import Counts
from ccmlib.treaty import observations, standings
from ccmlib.treaty.facts import Facts
from ccmlib.treaty.periods import Period

STATES = {"BIH": "Bosnia and Herzegovina", "CHE": "Switzerland", "NOR": "Norway"}


def days(*texts):
    return pd.to_datetime(list(texts))


def period(start, end):
    return Period("chosen", *days(start, end))


@pytest.fixture
def counts():
    """Three offices, a declared list of activities, and a State of which an obligation is told once."""
    states = pd.DataFrame({"iso3": STATES.keys(), "iso2": ["BA", "CH", "NO"], "name_un": STATES.values(),
                           "name_un_2016": STATES.values()})
    activities = pd.DataFrame({
        "from_on": days("2014-01-01", "2014-01-01", "2016-01-01"), "theme": "victim_assistance", "kind": "office",
        "to_on": days("2016-12-31", "2015-12-31", "2016-12-31"), "actor": "", "count": pd.NA, "title": "Coordinator",
        "states": ["BIH", "NOR", "CHE"], "source": "s", "row": ["a:1", "a:2", "a:3"]})
    coverage = pd.DataFrame({
        "subject": ["activities"], "from_on": days("2015-09-12"), "to_on": days("2016-06-30"), "covers_year": pd.NA})
    periods = pd.DataFrame({"period": ["6MSP"], "start": days("2015-09-12"), "end": days("2016-06-30"),
                            "annual_report_year": [2015], "meeting": "", "place": ""})
    told = [("BIH", "art4_obligation", "2011-03-01", True), ("BIH", "state_party", "2010-09-07", True),
            ("BIH", "state_party", "2030-01-01", False)]
    said = pd.DataFrame([
        {"iso3": iso3, "question": question, "answer": True, "first_on": on, "last_on": on, "became": became,
         "basis": "said", "said_on": on, "publisher": "p", "source": "s", "row": f"r:{at}"}
        for at, (iso3, question, on, became) in enumerate(told)]).reindex(columns=observations.COLUMNS)
    said = said.astype({name: "datetime64[us]" for name in ("first_on", "last_on", "said_on")} | {"year": "Int64"})
    return Counts(Facts({
        "states": states, "activities": activities, "coverage": coverage, "periods": periods,
        "standings": standings.spells(said), "last_words": standings.last_words(said)}))


def test_an_office_counts_where_its_years_span_the_period_and_others_may_have_held_one(counts):
    figure = counts.figure("va_coordinators", period("2015-09-12", "2016-06-30"))
    assert figure.states == ["BIH"]
    assert (figure.value, figure.lower, figure.upper) == (None, 1, None)


def test_words_of_before_a_period_tell_nothing_of_what_happened_in_it(counts):
    began = counts.figure("art4_obligations_begun", period("2011-01-01", "2011-12-31"))
    assert (began.states, began.lower) == (["BIH"], 1)
    assert not counts.figure("art4_obligations_begun", period("2020-01-01", "2020-12-31")).known


def test_a_figure_that_counts_nobody_has_no_record(counts):
    """A row without a State, a source and a place would stand on the page as a record."""
    made = counts.figure("withdrawals", period("2015-09-12", "2016-06-30"))
    assert (made.states, len(made.evidence), made.dates, made.heard) == ([], 0, {}, {})
