"""How far the record reaches: what is exact, bounded and unknown, and the page that tells it."""

import pytest

from ccmlib.figures import vocabulary
from ccmlib.figures.figure import Figure
from tools import record


@pytest.fixture(scope="module")
def table(counts):
    return record.known(counts)


@pytest.mark.parametrize(("told", "expected"), [
    ({"value": 3, "lower": 3, "upper": 3}, "exact"), ({"lower": 2, "upper": 5}, "between"), ({"lower": 2, "upper": 6}, "wide"),
    ({"lower": 40, "upper": 50}, "between"), ({"lower": 39, "upper": 50}, "wide"), ({"upper": 4}, "wide"),
    ({"lower": 5}, "at least"), ({"last_word": 5}, "last word"), ({}, "unknown")])
def test_bounds_are_wide_where_they_lie_farther_apart_than_three_and_a_fifth_of_the_upper_one(told, expected):
    assert record.certainty(Figure(vocabulary.find("art3_remaining"), **{"value": None} | told)) == expected


@pytest.mark.parametrize(("figure_id", "expected"), [
    ("art3_remaining", None), ("new_parties", None), ("annual_reporting_rate", None), ("art3_plan_reported", "reported"),
    ("art3_plan_not_reported", "reported"), ("mine_action_donors", "only_named"),
    ("art4_extensions_granted_in_period", "granted"), ("norm_informal_meetings", "activities"), ("parties_target", "")])
def test_each_figure_has_a_cause_or_is_told_by_standings(figure_id, expected):
    assert record.cause(vocabulary.find(figure_id)) == expected


@pytest.mark.slow
def test_the_page_is_what_the_record_says(counts, table):
    assert record.DOCUMENT.read_text(encoding="utf-8") == record.document(counts, table)


@pytest.mark.slow
def test_at_most_a_fifth_of_what_standings_can_tell_is_unknown_or_only_trivially_bounded(table):
    share = table.isin([record.WIDE, record.UNKNOWN]).mean().drop("1MSP")
    assert share[share > record.PART].index.tolist() == []


def test_where_reports_and_laws_are_known_every_party_is_counted(facts):
    reports, laws = record.initial_reports(facts), record.legislation(facts)
    assert (len(reports), len(laws)) == (112, 111)
    assert reports[["AUT", "CHL", "FRA", "CPV"]].tolist() == [
        "day", "month or shorter span", "longer span", "not in on the last day told"]
    assert laws[["AUT", "PRT"]].tolist() == ["specific law", "existing law stated sufficient"]
