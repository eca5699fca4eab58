"""The action plan applies from one Review Conference to the next; figures of other sections stand in its tables."""

import json

import pandas as pd
import pytest

from ccmlib.base.project import NOTEBOOKS
from ccmlib.figures import action_plan
from ccmlib.notebook.section import Section, open_section
from ccmlib.tidy import tables
from ccmlib.treaty import periods


@pytest.fixture(scope="module")
def built():
    return tables.build()


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


def shown(monkeypatch, tmp_path, built, stem, period) -> tuple[Section, list[str]]:
    processed = tmp_path / "processed"
    tables.write(built, processed)
    html = []
    monkeypatch.setattr("ccmlib.notebook.section.show", html.append)
    section = open_section(stem, period=period, processed=str(processed), out=str(tmp_path / "out"))
    section.action_table()
    return section, html


def test_a_period_without_a_plan_says_so_and_shows_no_table(monkeypatch, tmp_path, built):
    section, html = shown(monkeypatch, tmp_path, built, "03_clearance", "10MSP")
    assert "action_table" not in section._record
    assert section._record["notes"] == [
        "No action plan in the exports applies to this period. The Dubrovnik Action Plan guides the work from the "
        "First Review Conference (2015) to the Second Review Conference (2020)."]
    assert "<table" not in "".join(html)


@pytest.mark.parametrize(("stem", "line"), [
    ("02_stockpile_destruction", "1 State Party that requested assistance for stockpile destruction"),
    ("03_clearance", "9 States that requested assistance for clearance"),
    ("04_victim_assistance", "12 States Parties that provided assistance for victim assistance"),
    ("05_cooperation_assistance", "1 workshop on an integrated approach to victim assistance"),
    ("06_transparency", "9 States Parties that requested assistance"),
])
def test_a_figure_of_another_section_stands_in_the_table_and_leads_there(monkeypatch, tmp_path, built, stem, line):
    section, html = shown(monkeypatch, tmp_path, built, stem, "6MSP")
    lines = [text for action in section._record["action_table"]["actions"] for text in action["state_of_play"]]
    assert line in lines
    assert all(lines)
    assert ".html#fig-" in html[-1]


def test_every_shared_figure_is_counted_by_the_notebook_it_is_said_to_belong_to():
    for figure_id, shared in action_plan.SHARED.items():
        notebook = json.loads((NOTEBOOKS / f"{shared.stem}.ipynb").read_text(encoding="utf-8"))
        code = "".join("".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code")
        assert f'"{figure_id}"' in code
        assert "action_plan." in code


def test_a_workshop_under_two_themes_took_place_once(built):
    held = action_plan.integrated_workshops(built["activities"], periods.from_table(built["periods"], "6MSP"))
    assert list(held["from_on"]) == [pd.Timestamp(2016, 5, 18)]
