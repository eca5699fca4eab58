import re

import pandas as pd
import pytest
import yaml
from raw_copies import one

from ccmlib.base import fields, publishers
from ccmlib.base.problems import Problems
from ccmlib.ingest.column_kinds import KINDS
from ccmlib.ingest.shapes import SHAPES
from ccmlib.tidy import check, describe

ACTIVITY = {
    "from_on": "2016-05-17", "to_on": "2016-05-17", "theme": "universalization", "kind": "meeting",
    "actor": "Presidency",
    "count": 1, "title": "Informal meeting", "source": "6MSP report, para 8", "row": "activities.xlsx:Activities:11",
}  # fmt: skip
ORIGINS = fields.Origins({("activities.xlsx", "Activities"): {"kind": "D", "count": "F", "states": "G"}})


def names_of(table):
    return [one.name for one in table.fields]


def checked(table, *rows, origins=ORIGINS):
    problems = Problems()
    check.check(table, fields.arrange(table, pd.DataFrame(rows)), origins, problems)
    return problems


def test_every_field_of_the_dictionary_is_used_and_described():
    used = {field.name for table in fields.tables().values() for field in table.fields}
    assert used == set(fields.fields())
    for field in fields.fields().values():
        assert field.title
        assert field.description.endswith(".")


def test_every_table_ends_with_source_and_row():
    for table in fields.tables().values():
        assert names_of(table)[-2:] == ["source", "row"]
        assert set(table.key) <= set(names_of(table))
        assert all(target in names_of(fields.tables()[other]) for other, target in table.refers.values())


def test_every_indicator_of_the_layouts_is_in_the_dictionary():
    from ccmlib.ingest import layouts

    named = set()
    for name in layouts.names():
        for rule in layouts.load(name).sheets:
            named |= {column.marks["indicator"] for column in rule.columns if column.marks}
            named |= {
                value for column in rule.columns if column.field == "indicator" for value in column.choices.values()
            }
            named |= {rule.constants["indicator"]} if "indicator" in rule.constants else set()
            gives = [given for entry in rule.facts.get("rules", ()) for given in entry["gives"]]
            for given in (given for given in gives if "indicator" in given):
                pattern = re.sub(r"{\w+}", r"\\w+", given["indicator"])
                fitting = {name for name in fields.indicators() if re.fullmatch(pattern, name)}
                assert fitting, given
                named |= fitting
    assert named == set(fields.indicators())
    for entry in fields.indicators().values():
        assert set(entry) | {"article"} == {"label", "article", "theme", "unit"}


def test_a_field_has_one_dtype_in_every_table():
    frame = fields.arrange("activities", pd.DataFrame([ACTIVITY]))
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()}["count"] == "Int64"
    assert str(frame["from_on"].dtype) == "datetime64[us]"
    assert frame["states"].tolist() == [""]
    assert str(fields.arrange("obligations", pd.DataFrame({"article": [3]}))["article"].dtype) == "int64"


def test_an_empty_table_has_its_columns_and_types():
    for name, table in fields.tables().items():
        frame = fields.arrange(name, pd.DataFrame())
        assert list(frame.columns) == names_of(table)
        assert not checked_frame(name, frame)


def checked_frame(name, frame):
    problems = Problems()
    check.check(name, frame, ORIGINS, problems)
    return problems


def test_what_the_schema_refuses_points_to_its_cell():
    assert not checked("activities", ACTIVITY)
    problem = one(checked("activities", {**ACTIVITY, "kind": "party"}))
    assert (problem.file, problem.sheet, problem.cell, problem.found) == (
        "activities.xlsx",
        "Activities",
        "D11",
        "party",
    )
    assert problem.expected.startswith("Kind: one of: meeting, workshop")


def test_all_failures_are_told_at_once():
    wrong = {**ACTIVITY, "kind": "party", "states": "Chad", "count": -1, "row": "activities.xlsx:Activities:12"}
    assert {problem.cell for problem in checked("activities", ACTIVITY, wrong)} == {"D12", "G12", "F12"}


def test_a_blank_that_must_not_be_is_named():
    problem = one(checked("activities", {**ACTIVITY, "title": ""}))
    assert (problem.cell, problem.found) == ("row 11", "")


def test_a_key_that_is_there_twice_is_named_once_with_its_first_row():
    problem = one(checked("activities", ACTIVITY, ACTIVITY | {"title": "another"}, origins=fields.Origins()))
    assert "again in table activities" in problem.found


def test_a_state_that_is_not_in_the_register_is_named():
    frames = {
        "states": fields.arrange("states", pd.DataFrame({"iso3": ["TCD"]})),
        "use_events": fields.arrange(
            "use_events", pd.DataFrame({"iso3": ["TCD", "", "XXX"], "row": ["a:b:1", "a:b:2", "a:b:3"]})
        ),
    }
    problems = Problems()
    check.check_references(frames, fields.Origins(), problems)
    assert (one(problems).cell, one(problems).found) == ("row 3", "XXX")


PERIODS = fields.arrange("periods", pd.DataFrame({"period": ["6MSP", "2RC"], "end": ["2016-06-30", "2025-06-30"]}))


def referring(table, **columns):
    problems = Problems()
    frames = {"periods": PERIODS, table: fields.arrange(table, pd.DataFrame(columns))}
    check.check_references(frames, fields.Origins({("plans.csv", "plans"): {"first_period": "C"}}), problems)
    return list(problems)


@pytest.mark.parametrize(
    ("table", "column"),
    [("published_figures", "period"), ("questions", "period"), ("action_plan", "guides_from"), ("action_plan", "guides_to")],
)
def test_a_period_that_is_in_no_table_is_named_once_with_the_nearest(table, column):
    (problem,) = referring(table, **{column: ["6MPS", "6MPS", "2RC"], "row": ["a:b:1", "a:b:2", "a:b:3"]})
    assert (problem.file, problem.found, problem.expected) == ("a", "6MPS", "a period of the table periods")
    assert problem.suggestion == "6MSP"


def test_a_plan_guides_from_a_period_that_is_there_perhaps_to_a_conference_still_to_come():
    plan = {"row": [f"plans.csv:plans:{at}" for at in (2, 3)]}
    last = ["third review conference (2026)", "2RC"]
    assert not referring("action_plans", first_period=["6MSP"] * 2, last_period=last, **plan)
    found = referring("action_plans", first_period=["6MSPP"] * 2, last_period=["2RC (2020)", "2RC"], **plan)
    assert [(problem.cell, problem.found) for problem in found] == [
        ("row 2", "2RC (2020)"), ("C2", "6MSPP"), ("C3", "6MSPP"),
    ]  # fmt: skip


def test_the_place_of_a_row_may_be_a_cell_and_a_sheet_may_hold_a_colon():
    assert fields.Origins().place("a.xlsx:S:D12", "iso3") == ("a.xlsx", "S", "D12")
    assert fields.Origins().place("a.ods:S:1:12") == ("a.ods", "S:1", "row 12")


def test_publishers_are_known_by_their_source():
    monitor = publishers.publisher_of("http://www.the-monitor.org/en-gb/reports")
    assert monitor == "Landmine and Cluster Munition Monitor"
    assert publishers.rank_of(publishers.publisher_of("somewhere else"), "reports") == 5


@pytest.mark.parametrize("name", describe.PAGES)
def test_pages_made_from_the_dictionary_are_up_to_date(name):
    assert describe.PAGES[name].read_text(encoding="utf-8") == describe.page(name), "run python -m ccmlib.tidy.describe"


def test_the_pages_name_every_shape_kind_table_field_and_indicator():
    layouts, dictionary = describe.page("layouts"), describe.page("data-dictionary")
    assert all(f"`{name}`" in layouts for name in [*SHAPES, *KINDS, *fields.tables()])
    assert all(f"`{name}`" in dictionary for name in [*fields.tables(), *fields.fields(), *fields.indicators()])


@pytest.mark.parametrize("name", ["fields", "tables", "indicators", "precedence"])
def test_the_dictionary_says_nothing_twice(name):
    class NoDoubles(yaml.SafeLoader):
        pass

    def mapping(loader, node):
        keys = [loader.construct_object(key) for key, _ in node.value]
        assert len(keys) == len(set(keys)), keys
        return yaml.SafeLoader.construct_mapping(loader, node, deep=True)

    NoDoubles.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, mapping)
    assert yaml.load((fields.FOLDER / f"{name}.yml").read_text(encoding="utf-8"), NoDoubles)
