"""The State brief itself, from the real exports: States of every standing, periods early and late."""

import json

import pandas as pd
import pytest

from ccmlib.base import project
from ccmlib.figures import briefs
from ccmlib.language.languages import Language
from ccmlib.notebook import section
from ccmlib.tidy import tables
from ccmlib.treaty import build, status
from ccmlib.treaty.periods import from_table

NOTEBOOK = json.loads((project.NOTEBOOKS / "state_brief.ipynb").read_text(encoding="utf-8"))
CODE = [
    compile("".join(cell["source"]), f"state_brief, cell {place}", "exec")
    for place, cell in enumerate(NOTEBOOK["cells"])
    if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", [])
]


@pytest.fixture(scope="module")
def processed(tmp_path_factory):
    folder = tmp_path_factory.mktemp("processed")
    tables.write(build.build(project.RAW), folder)
    return folder


@pytest.fixture
def brief(processed, tmp_path, monkeypatch):
    """Run the notebook's cells and give what it recorded, what it showed, and its calendar."""

    def run(state, period="6MSP", from_on="", to_on=""):
        shown = []
        monkeypatch.setattr(section, "show", shown.append)
        names = {"state": state, "period": period, "from_on": from_on, "to_on": to_on, "processed": str(processed),
                 "out": str(tmp_path), "locale": "en"}
        for code in CODE:
            exec(code, names)
        folder = tmp_path / "state_brief"
        record = json.loads((folder / "section.json").read_text(encoding="utf-8"))
        return record, "".join(shown), (folder / f"{state}.ics").read_bytes()

    return run


def said(record):
    return [finding["text"] for finding in record["findings"]]


def due(record):
    return [(row["on"], row["what"]) for row in record["falls_due"]]


def test_an_affected_state_party(brief):
    record, html, calendar = brief("LAO")
    assert said(record)[:4] == [
        "On 30 June 2016 Lao People's Democratic Republic was a State Party: it deposited its instrument of "
        "ratification on 18 March 2009.",
        "The Convention has been in force for it since 1 August 2010.",
        "Article 4 (Clearance): the deadline is 1 August 2020, 1,493 days after 30 June 2016.",
        "Article 5 (Victim assistance): there is an obligation, without a deadline.",
    ]
    assert due(record) == [("2017-04-30", briefs.ANNUAL_DUE)]
    assert "para 30(a)" in html
    assert "assistance requested for clearance" in html.lower()
    assert b"UID:LAO-article-4-deadline@ccm-notebooks\r\nCATEGORIES" in calendar
    assert calendar == brief("LAO")[2]


def test_a_new_state_party_that_is_not_yet_bound(brief):
    record, html, _ = brief("CUB")
    assert "The Convention was not yet in force for it; it enters into force for it on 1 October 2016." in said(record)
    assert due(record) == [("2016-10-01", "Entry into force"), ("2017-03-30", briefs.INITIAL_DUE)]
    assert "not due" in html


def test_a_signatory_that_volunteered_a_report(brief):
    record, _, _ = brief("COD")
    assert said(record)[0].startswith("On 30 June 2016 Democratic Republic of the Congo was a signatory State: it ")
    assert due(record) == []


def test_a_state_that_joined_after_the_period(brief):
    record, _, _ = brief("CUB", "1MSP")
    assert said(record)[:2] == [
        "On 8 November 2010 Cuba was not a State Party and had not signed the Convention.",
        "It became a State Party after that day: it deposited its instrument of accession on 6 April 2016.",
    ]


def test_a_state_that_left(brief):
    record, _, _ = brief("LTU", "13MSP")
    assert said(record)[0] == (
        "On 30 June 2025 Lithuania was no longer a State Party: it deposited its instrument of ratification on "
        "24 March 2011, and its withdrawal took effect on 6 March 2025.")
    assert due(record) == []
    record, _, _ = brief("LTU", "12MSP")
    assert "Its withdrawal took effect after that day, on 6 March 2025." in said(record)


def test_any_two_days(brief):
    record, _, _ = brief("HRV", "", "2018-07-01", "2019-06-30")
    assert "Article 3 (Stockpile destruction): the obligation has ended (July 2018)." in said(record)


def test_a_code_that_is_no_state_stops(brief):
    with pytest.raises(briefs.UnknownState, match="'XYZ' is not the ISO3 code"):
        brief("XYZ")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "every"), [("1MSP", 12), ("6MSP", 1), ("13MSP", 12)])
def test_every_state_that_signed_or_joined(processed, name, every):
    read = {table: tables.load(table, processed) for table in
            ("treaty_actions", "obligations", "deadlines", "reports", "coverage", "disclosures", "periods")}
    actions, period, english = read["treaty_actions"], from_table(read["periods"], name), Language("en")
    states = sorted(actions["iso3"].unique())
    assert len(states) == 124
    overdue = 0
    for iso3 in states[::every]:
        obligations = briefs.obligations(read["obligations"], read["deadlines"], actions, iso3, period.end)
        reports = briefs.reports(actions, read["reports"], read["coverage"], iso3, period)
        due = briefs.due(actions, obligations, reports, iso3, period, period.end + pd.DateOffset(years=2))
        dates = briefs.treaty_dates(actions, iso3)
        known = briefs.disclosed(read["disclosures"], iso3, period.end)
        assert all(briefs.value_text(row, english) and briefs.when_text(row, english) for row in known.itertuples())
        assert (due["on"] > period.end).all()
        assert due.empty or briefs.adherence(actions, iso3, period.end).what == briefs.PARTY
        assert len(briefs.calendar(dates, due, obligations)) >= 1
        overdue += ((reports["kind"] == "initial") & (reports["standing"] == status.OVERDUE)).sum()
    assert overdue == 18 or name != "6MSP"
