import pandas as pd

from ccmlib.base import fields
from ccmlib.tidy import differences

ROWS = [("AFG", 3.0, "2014-12-31"), ("TCD", 6.0, "2014-12-31"), ("TCD", 8.0, "2015-12-31")]


def frame(rows, file="areas.xlsx"):
    same = {"article": 4, "theme": "clearance", "indicator": "cleared_area_km2", "unit": "km2", "source": "a list"}
    made = [{**same, "iso3": iso3, "value": value, "as_of": day, "publisher": "a list", "row": f"{file}:Areas:{at}"}
            for at, (iso3, value, day) in enumerate(rows, 2)]  # fmt: skip
    return fields.arrange("disclosures", pd.DataFrame(made))


def sources(**digests):
    rows = [{"file": f"{name}.xlsx", "sha256": digest} for name, digest in digests.items()]
    return fields.arrange("sources", pd.DataFrame(rows))


def compare(old, new, before="a", after="b"):
    return differences.between({"disclosures": frame(old), "sources": sources(areas=before)},
                               {"disclosures": frame(new), "sources": sources(areas=after)})


def test_nothing_changed_says_nothing_also_where_rows_are_sorted_anew():
    assert compare(ROWS, ROWS[::-1]) == ("", {})


def test_a_value_that_changed_is_told_by_state_with_what_is_much_first():
    told, _ = compare(ROWS, [ROWS[0], ("TCD", 7.0, "2014-12-31"), ("TCD", 8000.0, "2015-12-31")])
    lines = told.splitlines()
    assert lines[0] == "disclosures: 0 rows came, 0 went, 2 changed"
    assert "TCD" in lines[1]
    assert lines[1].endswith("value 8 → 8,000, more than tenfold")
    assert lines[2].endswith("value 6 → 7")


def test_rows_that_came_and_went_are_told_and_those_gone_counted():
    told, gone = compare(ROWS, [*ROWS[:2], ("MLI", 1.0, "2015-12-31")])
    assert "disclosures: 1 rows came, 1 went, 0 changed" in told
    assert gone == {"areas.xlsx": 1}


def test_rows_gone_from_a_file_that_did_not_change_are_not_asked_about():
    assert not compare(ROWS, ROWS[:2], after="a")[1]


def test_many_changes_fit_a_screen():
    many = [("TCD", float(year), f"{year}-12-31") for year in range(2010, 2024)]
    assert len(compare(many, [])[0].splitlines()) == 2 + differences.MOST_LISTED
