"""The data package as another program finds it: DuckDB follows datapackage.json, with nothing of this library."""

import json

import duckdb
import pytest

TYPES = {"string": "VARCHAR", "date": "DATE", "integer": "BIGINT", "number": "DOUBLE", "boolean": "BOOLEAN"}


@pytest.fixture(scope="module")
def package(processed):
    return json.loads((processed / "datapackage.json").read_text(encoding="utf-8"))


def columns_of(resource):
    return {field["name"]: TYPES[field["type"]] for field in resource["schema"]["fields"]}


def parquet(folder, resource):
    return duckdb.read_parquet(str(folder / resource["parquet"]))


def csv(folder, resource):
    """Read as the package says: with its types; only an empty cell that is not quoted is missing."""
    path = str(folder / resource["path"])
    return duckdb.read_csv(path, header=True, columns=columns_of(resource), allow_quoted_nulls=False, na_values="")


def test_every_table_is_there_twice_with_the_types_that_it_declares(processed, package):
    assert len(package["resources"]) > 20
    for resource in package["resources"]:
        of_parquet, of_csv = parquet(processed, resource), csv(processed, resource)
        kinds = {name: str(kind) for name, kind in zip(of_parquet.columns, of_parquet.types, strict=True)}
        assert kinds == columns_of(resource), resource["name"]
        assert len(of_csv) == len(of_parquet), resource["name"]


def test_days_are_the_same_days_in_both_forms(processed, package):
    count = 0
    for resource in package["resources"]:
        for name in (name for name, kind in columns_of(resource).items() if kind == "DATE"):
            days = [form(processed, resource).project(f'"{name}"').fetchall() for form in (parquet, csv)]
            assert days[0] == days[1], (resource["name"], name)
            count += sum(day is not None for (day,) in days[0])
    assert count > 5000


def test_without_any_word_of_ours_a_day_is_a_date_and_na_is_namibia(processed):
    actions = duckdb.read_csv(str(processed / "treaty_actions.csv"))
    assert dict(zip(actions.columns, map(str, actions.types), strict=True))["date"] == "DATE"
    for form in (duckdb.read_csv(str(processed / "states.csv")), duckdb.read_parquet(str(processed / "states.parquet"))):
        assert form.filter("iso3 = 'NAM'").project("iso2").fetchall() == [("NA",)]
        assert form.filter("iso2 is null").fetchall() == []


def test_it_says_what_each_field_is_and_how_to_cite_it(package):
    for resource in package["resources"]:
        assert resource["title"], resource["name"]
        assert resource["description"], resource["name"]
        undescribed = [field["name"] for field in resource["schema"]["fields"] if not field.get("description")]
        assert undescribed == [], resource["name"]
    assert package["title"] in package["citation"]
    assert all(terms["name"] and terms["path"] for terms in package["licenses"])


def test_each_source_is_cited_with_its_terms(package):
    named = {source["file"] for source in package["sources"]}
    assert {"untc_xxvi_6.xlsx", "state_facts_by_edition.csv"} <= named
    assert all(source["title"] and source["citation"] and source["licence"] for source in package["sources"])
