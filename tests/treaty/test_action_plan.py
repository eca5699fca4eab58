"""The action plan applies from one Review Conference to the next; figures of other sections stand in its tables."""

import pytest

from ccmlib.notebook.section import Section, open_section
from ccmlib.treaty import action_plan, periods


def in_effect(built, period):
    return action_plan.in_effect(built["action_plan"], built["periods"], period)


def test_the_plan_applies_after_the_first_review_conference_and_to_the_second(built):
    table = built["periods"]
    applies = {name: len(in_effect(built, periods.from_table(table, name))) > 0 for name in table["period"]}
    assert [name for name, yes in applies.items() if yes] == ["6MSP", "7MSP", "8MSP", "9MSP", "2RC"]


def test_the_plan_applies_by_days_of_any_period(built):
    assert len(in_effect(built, periods.from_days("2017-01-01", "2017-12-31")))
    assert in_effect(built, periods.from_days("2020-07-01", "2021-06-30")).empty


def test_the_years_of_the_plan_are_those_of_paragraph_1(built):
    row = built["action_plan"].iloc[0]
    first, last = (periods.from_table(built["periods"], name) for name in (row["guides_from"], row["guides_to"]))
    assert (first.meeting, first.end.year) == ("First Review Conference", 2015)
    assert (last.meeting, last.end.year) == ("Second Review Conference", 2020)


def shown(monkeypatch, tmp_path, processed, stem, period) -> tuple[Section, list[str]]:
    html = []
    monkeypatch.setattr("ccmlib.notebook.section.show", html.append)
    section = open_section(stem, period=period, processed=str(processed), out=str(tmp_path / "out"))
    section.action_table()
    return section, html


@pytest.mark.parametrize(("period", "said"), [
    ("1MSP", "No action plan guided the work in this period."),
    ("2MSP", "The Vientiane Action Plan guides the work in this period; its actions on this theme are not on record."),
    ("10MSP", "The Lausanne Action Plan guides the work in this period; on this theme with its actions 18-30, whose text is "
     "not on record.")])
def test_a_plan_without_its_text_is_named_with_the_numbers_of_its_actions(monkeypatch, tmp_path, processed, period, said):
    section, html = shown(monkeypatch, tmp_path, processed, "03_clearance", period)
    assert "action_table" not in section._record
    assert section._record["notes"] == [said]
    assert "<table" not in "".join(html)


@pytest.mark.parametrize(("stem", "line"), [
    ("02_stockpile_destruction", "One State Party requested assistance for stockpile destruction"),
    ("03_clearance", "Nine States requested assistance for clearance"),
    ("04_victim_assistance", "Twelve States Parties reported having provided assistance for victims"),
    ("05_cooperation_assistance", "One workshop on an integrated approach to victim assistance"),
    ("06_transparency", "Nine States Parties requested assistance in their annual reports"),
])
def test_a_figure_of_another_section_stands_in_the_table_and_leads_there(monkeypatch, tmp_path, processed, stem, line):
    section, html = shown(monkeypatch, tmp_path, processed, stem, "6MSP")
    lines = [line["text"] for action in section._record["action_table"]["actions"] for line in action["state_of_play"]]
    assert line in lines
    assert all(lines)
    assert ".html#fig-" in html[-1]
