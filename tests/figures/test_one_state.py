"""One State on a day: what each line says is true to the standings, for every State, early and late."""

import time
from types import SimpleNamespace

import pandas as pd
import pytest
from icalendar import Calendar

from ccmlib.figures import one_state
from ccmlib.figures.counting import Counts
from ccmlib.language.languages import Language
from ccmlib.pages.calendar_file import calendar_text
from ccmlib.treaty import periods

LATE_FIGURES = ("initial_reports_overdue", "annual_reports_overdue", "art3_deadlines_passed", "art4_deadlines_passed")
PERIODS = ("6MSP", "10MSP", "13MSP")


@pytest.fixture(scope="module")
def on(facts):
    made = {}

    def known(name):
        day = periods.from_table(facts["periods"], name).end if "MSP" in name else pd.Timestamp(name)
        if name not in made:
            known = one_state.OnDay(facts, day, Language("en"))
            made[name] = SimpleNamespace(day=day, known=known, cards={iso3: known.card(iso3) for iso3 in known.known})
        return made[name]

    return known


def first_line(on, period, iso3):
    return on(period).cards[iso3]["first_line"]


def test_uruguay_and_switzerland_read_first_what_they_owe(on):
    assert first_line(on, "6MSP", "URY") == "Annual report for 2015 overdue since 30 April 2016."
    assert on("6MSP").cards["URY"]["late"]
    assert first_line(on, "6MSP", "CHE") == "Stockpile destruction (Article 3): to be completed by 1 January 2021."
    assert not on("6MSP").cards["CHE"]["late"]
    assert first_line(on, "6MSP", "GNB").startswith("Initial report overdue since 28 October 2011. Stockpile")
    assert first_line(on, "6MSP", "AUT") == "Nothing owed. Next: Annual report for 2016 due, 30 April 2017."
    assert first_line(on, "6MSP", "AGO") == "Nothing owed."


@pytest.mark.parametrize("period", PERIODS)
def test_a_state_is_late_exactly_where_a_figure_names_it_for_certain(facts, on, period):
    chosen = periods.from_table(facts["periods"], period)
    named = {iso3 for figure_id in LATE_FIGURES for iso3 in Counts(facts).figure(figure_id, chosen).states}
    assert {iso3 for iso3, card in on(period).cards.items() if card["late"]} == named
    assert len(named) == {"6MSP": 41, "10MSP": 10, "13MSP": 0}[period]


@pytest.mark.parametrize("period", PERIODS)
def test_words_of_lateness_stand_only_where_the_answers_are_certain(facts, on, period):
    for iso3, card in on(period).cards.items():
        row = on(period).known.known[iso3]
        for line in card["obligations"] + card["reports"]:
            accuses = "overdue" in line["text"] or "past its deadline" in line["text"]
            assert accuses == (line.get("kind") == "late"), line
            assert not accuses or one_state._yes(row["state_party"])
        assert ("overdue" in card["first_line"] or "past its" in card["first_line"]) == card["late"]


@pytest.mark.parametrize("period", PERIODS)
def test_nothing_owed_is_said_only_where_every_answer_is_known(facts, on, period):
    for iso3, card in on(period).cards.items():
        row = on(period).known.known[iso3]
        if card["first_line"].startswith("Nothing owed") and row["member"]:
            names = ("state_party", "art3_obligation", "art4_obligation", "art5_obligation")
            assert all(pd.notna(row[name]) for name in names)
            assert not any(one_state._yes(row[f"art{article}_open"]) for article in (3, 4))
            assert one_state._yes(row["initial_report_submitted"]) or row["initial_report_due_on"] >= on(period).day
        elif card["first_line"].startswith("Nothing owed"):
            assert not one_state._yes(row["state_party"])
            assert pd.notna(row["state_party"])
    free = [iso3 for iso3, card in on("13MSP").cards.items() if card["first_line"].startswith("Nothing owed")]
    rows = on("13MSP").known.known
    assert not any(one_state._yes(rows[iso3]["state_party"]) for iso3 in free)  # no file on obligations reaches that day


def test_what_the_depositarys_table_does_not_reach_is_a_last_word(on):
    later = on("2026-06-30").cards
    assert later["LAO"]["status"] == "State Party by the last word, of 4 September 2025"
    assert later["USA"]["status"] == "State not party by the last word, of 4 September 2025"
    said = "Clearance (Article 4): last known open on 31 December 2024, no later word"
    assert later["LAO"]["first_line"].startswith(said)
    assert on("13MSP").cards["LAO"]["status"] == "State Party"  # a withdrawal takes six months from its notice
    assert on("13MSP").cards["LTU"]["status"] == "No longer a State Party"
    assert not any(card["late"] for card in later.values())


def test_nothing_later_than_the_day_is_told_as_having_happened(on):
    for period in PERIODS:
        for iso3, card in on(period).cards.items():
            days = [one["last_on"] for one in on(period).known.history(iso3)]
            assert days == sorted(days)
            assert all(day <= on(period).day for day in days)
            assert all(line["on"] > f"{on(period).day:%Y-%m-%d}" for line in card["next"])
    assert "Deposit of the instrument of accession" not in str(on("2015-12-31").cards["CUB"])


@pytest.mark.parametrize("period", PERIODS)
def test_a_law_is_an_event_only_where_a_source_told_that_there_was_one(facts, on, period):
    """A source's no leaves it open whether there was a law before: that is no event."""
    certain = facts.ask("specific_law", pd.date_range("1990-01-01", on(period).day)).sure.any(axis=1)
    told = [any(one["part"] == "law" for one in on(period).known.history(iso3)) for iso3 in facts.record.states]
    assert 20 < certain.sum() < len(certain)
    assert told == certain.tolist()


def test_the_day_of_a_law_is_its_own_and_not_that_of_the_word_before_it(on):
    days = {iso3: [one["last_on"] for one in on("13MSP").known.history(iso3) if one["part"] == "law"]
            for iso3 in ("ALB", "ATG", "AUS")}
    assert days == {"ALB": [], "ATG": [], "AUS": [pd.Timestamp("2012-09-08")]}


def test_a_withdrawal_is_ahead_only_from_its_notice_on(on):
    assert "withdrawal" in [one["key"] for one in on("2024-12-31").known.events("LTU")]
    assert "withdrawal" not in [one["key"] for one in on("2024-06-30").known.events("LTU")]


def test_the_calendar_holds_future_dates_five_annual_reports_and_two_alarms_each(on):
    events = pd.DataFrame(on("6MSP").known.events("LAO")).assign(description="As known on 30 June 2016: Clearance.")
    keys = list(events["key"])
    assert sum(key.startswith("annual-report") for key in keys) == 5
    assert "article-4-deadline" in keys
    text = calendar_text(events, "LAO", "Laos", on("6MSP").day)
    assert text == calendar_text(events, "LAO", "Laos", on("6MSP").day)
    found = Calendar.from_ical(text).walk("VEVENT")
    assert [str(event["uid"]) for event in found] == [f"LAO-{key}@ccm-notebooks" for key in keys]
    assert {len(event.subcomponents) for event in found} == {2}
    assert "://" not in text


def test_a_report_already_in_is_not_announced(on):
    assert "initial-report" not in [one["key"] for one in on("6MSP").known.events("LAO")]
    assert "initial-report" in [one["key"] for one in on("6MSP").known.events("CUB")]
    assert on("6MSP").known.events("AGO") == []


def test_cards_link_what_was_made_and_know_other_spellings(facts, tmp_path):
    (tmp_path / "URY.html").write_text("", encoding="utf-8")
    start = time.process_time()
    made = {card["iso3"]: card for card in one_state.cards(
        facts, pd.Timestamp(2016, 6, 30), Language("fr"), tmp_path, "../briefs/6MSP/")}
    assert time.process_time() - start < 4
    assert {"URY", "AGO", "LKA"} <= set(made)
    assert [file["href"] for file in made["URY"]["files"]] == ["../briefs/6MSP/URY.html"]
    assert made["CHE"]["files"] == []
    assert "Lao PDR" in made["LAO"]["names"]
    translated = Language("fr").has("Annual report for {year} overdue since {due}.")
    assert ("lang" in made["URY"]["reports"][0]) != translated  # what stays English says so


def test_a_code_that_is_no_state_stops(on):
    with pytest.raises(ValueError, match="'XYZ' is not the ISO3 code"):
        on("6MSP").known.card("XYZ")
