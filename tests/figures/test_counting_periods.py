"""Figures of the vocabulary, counted for periods within and past what the sources reach."""

import pandas as pd

from ccmlib.treaty import periods


def after_the_last_word(counts):
    first = counts.facts.treaty_known_to + pd.Timedelta(days=200)
    return periods.from_days(f"{first:%Y-%m-%d}", f"{first + pd.Timedelta(days=365):%Y-%m-%d}")


def test_a_word_before_a_period_tells_nothing_of_what_happened_in_it(counts):
    period = after_the_last_word(counts)
    for figure_id in ("new_parties", "withdrawals"):
        assert not counts.figure(figure_id, period).known
    assert counts.figure("states_parties", period).last_word == 111


def test_past_the_depositarys_record_no_state_is_singled_out_as_possibly_a_party(counts):
    ends_later = periods.from_days("2024-07-01", "2025-12-31")
    made = counts.figure("states_parties", ends_later)
    assert (made.lower, made.upper, made.possible) == (111, None, [])


def test_states_that_joined_in_the_calendar_year_before(counts):
    made = counts.figure("parties_joined_in_year", periods.from_days("2015-09-12", "2016-06-30"))
    assert made.value == 10
    assert {day.year for day in made.dates.values()} == {2015}


def test_of_votes_on_record_the_number_is_the_least_and_not_the_total(counts):
    rows = pd.DataFrame({"iso3": ["CYP", "UGA"], "source": "", "row": ["a", "b"]})
    made = counts.given("unga_vote_abstain_2015", rows, least=True)
    assert (made.value, made.lower, made.upper, made.states) == (None, 2, None, ["CYP", "UGA"])


def test_a_day_and_a_period_that_ends_on_it_have_the_same_bounds(counts):
    period = periods.from_table(counts.facts["periods"], "1MSP")
    for figure_id in ("voluntary_reports_signatories", "art3_remaining", "initial_reports_overdue"):
        day, made = counts.series(figure_id, [period.end]).iloc[0], counts.figure(figure_id, period)
        for name in ("value", "lower", "last_word", "upper"):
            assert (None if pd.isna(day[name]) else day[name]) == getattr(made, name), (figure_id, name)


def test_only_meetings_on_the_norm_are_counted_as_such(counts):
    early = periods.from_days("2011-01-01", "2011-08-31")
    assert len(counts.activities({"theme": "universalization", "kind": "meeting"}, early)) == 1
    assert not counts.figure("norm_informal_meetings", early).known
