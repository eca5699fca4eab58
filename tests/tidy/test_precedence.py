"""Where publishers disagree both rows stay; the rule in data picks one, and says who says what else."""

import pandas as pd

from ccmlib.base import fields, publishers
from ccmlib.tidy import precedence

DAY = pd.Timestamp(2016, 6, 30)


def rows(**columns):
    frame = pd.DataFrame(columns)
    return frame.assign(source="", row=[f"r:{k}" for k in range(len(frame))])


def test_the_first_publisher_in_the_rule_is_used_and_the_other_named():
    frame = rows(
        iso3=["LAO", "LAO"], indicator="contaminated_area_km2", covers_year=pd.array([2017, None], "Int64"), text="",
        as_of=pd.to_datetime([None, "2017-12-31"]), value=[9.0, 10.5],
        publisher=["Landmine and Cluster Munition Monitor", "Mine Action Review"])
    kept = precedence.preferred(frame)
    assert len(frame) == 2
    assert list(kept["publisher"]) == ["Mine Action Review"]
    assert kept["disputed"].item()
    assert kept["others"].item() == "Landmine and Cluster Munition Monitor: 9"


def test_one_publisher_correcting_itself_is_no_dispute():
    frame = rows(
        iso3=["PER", "PER"], indicator="stockpile_munitions_declared_count", text="",
        covers_year=pd.array([None, None], "Int64"), value=[676.0, 2007.0],
        as_of=pd.to_datetime(["2016-03-01", "2016-08-05"]), publisher="Landmine and Cluster Munition Monitor")
    kept = precedence.preferred(frame)
    assert list(kept["value"]) == [2007]
    assert not kept["disputed"].item()


def test_a_month_and_a_day_in_it_do_not_disagree(built):
    deadlines = built["deadlines"][built["deadlines"]["kind"] == "published"]
    kept = precedence.preferred(deadlines, "deadlines").set_index(["iso3", "article"])
    assert not kept.loc[("ITA", 3), "disputed"]
    assert kept.loc[("BGR", 3), "others"].startswith("Landmine and Cluster Munition Monitor: 2019-04")


def test_the_report_of_chad_is_the_dispute_of_the_model_report(built):
    found = precedence.disputes(built, DAY)
    assert list(found["iso3"]) == ["TCD"]
    assert found["used"].item() == "2015-09-12 to 2016-06-30"
    assert found["others"].item() == "Landmine and Cluster Munition Monitor: 2014-05-24"
    assert precedence.disputes(built, pd.Timestamp(2010, 11, 8)).empty


def test_every_publisher_of_the_exports_has_a_name_and_every_rule_a_reason(built):
    known = {publisher["name"] for publisher in publishers.rules()["publishers"]}
    for name, group in publishers.rules()["groups"].items():
        assert group["reason"].strip(), name
        assert set(group["order"]) <= known, name
    named = built["reports"]["source"].map(publishers.publisher_of)
    assert set(named) <= known


def test_every_indicator_is_in_a_group():
    found = precedence.group_of(pd.Series(list(fields.indicators())))
    assert found.notna().all()


def test_reports_carry_the_rank_of_their_publisher(built):
    reports = built["reports"]
    publishers_of = reports["source"].map(publishers.publisher_of)
    assert [publishers.rank_of(name, "reports") for name in publishers_of] == list(reports["rank"])
