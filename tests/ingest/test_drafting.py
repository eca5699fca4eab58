import pytest
import yaml

from ccmlib.base import project
from ccmlib.base.names import StateNames
from ccmlib.ingest import drafting

NAMES = StateNames.from_raw()


def columns(text):
    return {column["labels"][0]: column for sheet in yaml.safe_load(text)["sheets"] for column in sheet["columns"]}


@pytest.mark.parametrize(("day", "first"), [("25/3/2016", True), ("3/25/2016", False)])
def test_kinds_choices_and_which_of_day_and_month_comes_first_are_drafted_from_the_cells(tmp_path, day, first):
    states = ("Chad", "Mali", "Niger", "Togo", "Benin")
    rows = [f"{state},{day},{at},{'ab'[at % 2]}" for at, state in enumerate(states)]
    path = tmp_path / "new.csv"
    lines = ["A title,,,", "State,Day,Number,Type", *rows, rows[0].replace(day, "4/3/2016")]
    path.write_text("\n".join(lines), encoding="utf-8")
    found = columns(drafting.draft(path, NAMES))
    assert (found["State"]["field"], found["State"]["kind"]) == ("iso3", "state")
    assert (found["Day"]["kind"], found["Day"]["day_first"]) == ("date", first)
    assert found["Number"]["kind"] == "count"
    assert set(found["Type"]["choices"]) == {"a", "b"}


def test_days_that_can_be_read_in_two_ways_are_left_to_a_person(tmp_path):
    path = tmp_path / "new.csv"
    path.write_text("State,Day\nChad,4/3/2016\nMali,5/3/2016\nNiger,6/3/2016\n", encoding="utf-8")
    assert "kind" not in columns(drafting.draft(path, NAMES))["Day"]


def test_every_raw_export_is_drafted():
    for file in ("article7_log.xlsx", "activities.xlsx", "periods.csv"):
        assert columns(drafting.draft(project.RAW / file, NAMES))
