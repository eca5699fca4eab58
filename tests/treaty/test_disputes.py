"""Rows that cannot both be so: each rule finds its pair, and nothing where both can be true."""

import pandas as pd

from ccmlib.base import fields
from ccmlib.tidy import precedence
from ccmlib.treaty import disputes

IN_FORCE = pd.Series({"TCD": pd.Timestamp(2013, 9, 1), "HUN": pd.Timestamp(2013, 1, 1)}, dtype="datetime64[us]")
MONITOR, ISU = "Landmine and Cluster Munition Monitor", "CCM Implementation Support Unit"


def answer(question, answer, first, last="", *, became=False, year=None, iso3="TCD", publisher=MONITOR):
    return {"iso3": iso3, "question": question, "answer": answer, "first_on": first, "last_on": last or first,
            "became": became, "year": year, "publisher": publisher, "said_on": last or first, "source": "a page"}


def number(indicator, value, *, iso3="TCD", as_of="2015-07-20", year=None, text=""):
    known = fields.indicators()[indicator]
    return {"iso3": iso3, "indicator": indicator, "value": value, "text": text, "as_of": as_of, "covers_year": year,
            "unit": known["unit"], "publisher": MONITOR, "source": "a page"}


def found(*rows):
    tables = {"observations": [row for row in rows if "question" in row],
              "disclosures": [row for row in rows if "indicator" in row], "reports": []}
    frames = {name: fields.arrange(name, pd.DataFrame([row | {"row": f"{name}:s:{at}"} for at, row in enumerate(part)]))
              for name, part in tables.items()}
    made = fields.arrange("disputes", disputes.find(frames, IN_FORCE))
    return made[["clash", "row", "other_row"]].to_numpy().tolist()


def test_not_submitted_after_submitted():
    yes = answer("initial_report_submitted", "yes", "2014-05-24", became=True)
    no = answer("initial_report_submitted", "no", "2015-06-18")
    assert found(yes, no) == [["not submitted after submitted", "observations:s:1", "observations:s:0"]]
    assert found(yes, answer("initial_report_submitted", "no", "2014-05-23")) == []
    # In the month of the submission it may have been before it.
    assert found(yes, answer("initial_report_submitted", "no", "2014-05-01", "2014-05-31")) == []


def test_an_annual_report_that_came_in_the_year_in_which_one_is_said_to_be_missing():
    came = answer("annual_report_received_in", "yes", "2015-05-31", became=True, year=2015)
    missing = answer("annual_report_submitted", "no", "2015-07-24", year=2014)
    assert [pair[0] for pair in found(came, missing)] == ["annual report not submitted after one came in the year"]
    assert found(came, {**missing, "year": 2013}) == []


def test_two_days_disagree_and_a_month_that_holds_the_day_does_not():
    day = answer("initial_report_submitted", "yes", "2014-05-24", became=True)
    other = answer("initial_report_submitted", "yes", "2014-05-25", became=True, publisher=ISU)
    month = answer("initial_report_submitted", "yes", "2014-05-01", "2014-05-31", became=True)
    assert found(day, other, month) == [["two days of a report", "observations:s:0", "observations:s:1"]]
    assert found(day, month) == []


def test_before_the_convention_bound_the_state():
    early = answer("initial_report_submitted", "yes", "2013-08-31", became=True)
    assert [pair[0] for pair in found(early)] == ["report before entry into force"]
    assert found(answer("initial_report_submitted", "yes", "2013-09-01", became=True)) == []
    completion = answer("art3_open", "no", "2011-06-30", became=True, iso3="HUN")
    assert [pair[0] for pair in found(completion)] == ["completion before the obligation"]


def test_numbers_that_exclude_an_answer_or_each_other():
    never = answer("never_possessed", "yes", "2015-07-14")
    declared = number("stockpile_munitions_declared_count", 114)
    assert [pair[0] for pair in found(never, declared)] == ["never possessed and yet declared or destroyed"]
    destroyed = number("stockpile_munitions_destroyed_total_count", 115)
    assert found(declared, destroyed) == [["more destroyed than declared", "disclosures:s:1", "disclosures:s:0"]]
    assert found(declared, {**destroyed, "value": 114}) == []
    later = number("casualties_mine_erw_count", 20, year=2013, as_of="2016-07-20")
    assert found(number("casualties_mine_erw_count", 9, year=2013), later)[0][1] == "disclosures:s:0"


def test_a_due_day_that_the_convention_does_not_set():
    right = number("initial_report_due_printed", None, text="2014-02-28")
    assert found(right, number("initial_report_due_printed", None, text="2014-02")) == []
    assert [pair[0] for pair in found({**right, "text": "2014-02-27"})] == ["due day as printed"]


def test_every_rule_has_a_form_a_reason_and_says_what_is_followed():
    for rule in precedence.rules()["clashes"]:
        assert rule["form"] in disputes._FORMS
        assert rule["reason"]
        assert rule["followed"] in fields.fields()["followed"].values
