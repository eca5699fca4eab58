"""Facts by edition: what the map makes of each kind of row, and that no row gets lost."""

import time

import pandas as pd
import pytest

from ccmlib.base import fields, project
from ccmlib.base.names import StateNames
from ccmlib.base.problems import Problems
from ccmlib.ingest import grid, layouts, sheets, statements
from ccmlib.ingest.cells import Sheet, Workbook

FILE = "state_facts_by_edition.csv"
HEADER = ["state", "theme", "field", "value", "unit", "as_of", "source_url"]
PAGE = "http://www.the-monitor.org/en-gb/reports/2015/chad"
NAMES = StateNames.from_raw()


def read(*rows):
    problems = Problems()
    book = Workbook(FILE, "csv", [Sheet("state_facts_by_edition", [HEADER, *rows])])
    read = sheets.read_workbook(book, layouts.load("state_facts_by_edition"), NAMES, {}, problems)[0]
    return {name: fields.arrange(name, frame) for name, frame in statements.facts(read).items()}, problems


def fact(field, value, unit="date", as_of="2015-07-20", *, theme="transparency", state="Chad"):
    return [state, theme, field, value, unit, as_of, PAGE]


def only(table, *row, **more):
    made, problems = read(fact(*row, **more))
    assert not problems
    assert list(made) == [table]
    return made[table].iloc[0]


def said(*row, **more):
    found = only("observations", *row, **more)
    year = "" if pd.isna(found["year"]) else found["year"]
    days = f"{found['first_on']:%Y-%m-%d}", f"{found['last_on']:%Y-%m-%d}"
    return found["question"], year, found["answer"], *days, bool(found["became"])


INITIAL, ANNUAL, RECEIVED = "initial_report_submitted", "annual_report_submitted", "annual_report_received_in"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ((INITIAL, "2014-05-24"), (INITIAL, "", "yes", "2014-05-24", "2014-05-24", True)),
        ((INITIAL, "2014-05", "month"), (INITIAL, "", "yes", "2014-05-01", "2014-05-31", True)),
        (("initial_report_not_submitted", "2015-05-15"), (INITIAL, "", "no", "2015-05-15", "2015-05-15", False)),
        (("annual_report_2013_submitted", "2014-04-02"), (ANNUAL, 2013, "yes", "2014-04-02", "2014-04-02", True)),
        (("annual_report_2013_submitted", "yes", "text", "2015 edition"),
         (ANNUAL, 2013, "yes", "2015-01-01", "2015-12-31", False)),
        (("annual_report_2018_submitted", "2019 (before the due date of 30 April 2019)", "text", "2019"),
         (ANNUAL, 2018, "yes", "2019-01-01", "2019-04-30", True)),
        (("annual_report_2013_submitted_by", "2014-04-30"), (ANNUAL, 2013, "yes", "2014-04-30", "2014-04-30", False)),
        (("annual_report_due_2014_not_submitted", "2014-06-27"),
         (ANNUAL, 2013, "no", "2014-06-27", "2014-06-27", False)),
        (("annual_report_in_2014_submitted", "2014-04", "month"),
         (RECEIVED, 2014, "yes", "2014-04-01", "2014-04-30", True)),
    ],
)
def test_reports_answer_the_question_of_their_year(row, expected):
    assert said(*row) == expected


def test_what_a_page_tells_of_a_year_had_come_about_by_its_day():
    assert said("annual_report_in_2014_submitted", "2014", "year", "2014-08-12")[3:5] == ("2014-01-01", "2014-08-12")


def test_no_reports_after_a_year_goes_on_over_the_reports_that_fell_due():
    made, _ = read(fact("annual_reports_after_2012_not_submitted", "2015-05-01"))
    assert made["observations"]["year"].tolist() == [2013, 2014]
    assert made["observations"]["answer"].unique().tolist() == ["no"]
    # On 29 April 2015 the report for 2014 was not due yet.
    made, _ = read(fact("annual_reports_after_2012_not_submitted", "2015-04-29"))
    assert made["observations"]["year"].tolist() == [2013]
    assert only("background", "annual_reports_after_2014_not_submitted", "2015-04-29")["reason"] == statements.NOT_EXACT


def test_a_vote_for_all_years_goes_up_to_the_last_december_before_the_page():
    made, _ = read(fact("unga_vote_yes_since", "2015", "year", "2018-06-26", theme="universalization"))
    votes = made["disclosures"]
    assert votes["covers_year"].tolist() == [2015, 2016, 2017]
    assert set(votes["indicator"]) == {"unga_vote_since"}


def test_an_announcement_is_no_completion():
    stockpile = {"theme": "stockpile"}
    completed = said("art3_completion_month", "2013-07", "month", **stockpile)
    assert completed == ("art3_open", "", "no", "2013-07-01", "2013-07-31", True)
    assert said("art3_completion_announced", "2013-07", "month", **stockpile)[-1] is False
    considered = only("deadlines", "art3_extension_request_considered_at", "9MSP", "meeting", **stockpile)
    assert (considered["kind"], considered["known_stated"]) == ("extension_requested", "2015-07-20")  # and not granted
    assert pd.isna(considered["deadline_on"])


def test_acts_of_law_making_keep_their_name():
    law = {"theme": "national_implementation"}
    for field, act, became in (("specific_enacted", "enacted", True), ("effective_date", "effective", False),
                               ("penal_code_amended", "penal code amended", False)):
        found = only("observations", f"legislation_{field}", "2012-03-01", **law)
        assert (found["question"], found["note"], found["became"]) == ("specific_law", act, became)
    assert said("legislation_none_known", "stated", "status", **law)[2] == "no"
    draft = only("background", "legislation_draft", "bill in parliament", "text", **law)
    assert draft["reason"] == "a paraphrase, whose words no rule tests"


@pytest.mark.parametrize(("row", "theme", "expected"), [
    (("initial_report_status", "overdue", "status"), "transparency", (INITIAL, "", "no", "2015-07-20", "2015-07-20", False)),
    (("initial_report_status", "submitted before the deadline (due in 2019)", "text"), "transparency",
     (INITIAL, "", "yes", "2015-07-20", "2015-07-20", False)),
    (("art3_status", "completed (stocks destroyed; said as of 2025)", "status"), "stockpile",
     ("art3_open", "", "no", "2015-07-20", "2015-07-20", False)),
    (("art3_status", "missed deadline of 1 May 2014", "status"), "stockpile",
     ("art3_open", "", "yes", "2015-07-20", "2015-07-20", False)),
    (("stockpile_destruction_conducted_2014", "yes", "text"), "stockpile",
     ("art3_open", "", "yes", "2014-01-01", "2014-12-31", False)),
    (("stockpile_destruction_conducted_2012_2013", "yes", "text"), "stockpile",
     ("art3_open", "", "yes", "2012-01-01", "2013-12-31", False)),
    (("stockpile_listed", "has stockpiled, present or past (State Party list)", "text"), "stockpile",
     ("art3_obligation", "", "yes", "2015-07-20", "2015-07-20", False)),
    (("art4_completion_declared_at", "3MSP (September 2012)", "meeting"), "clearance",
     ("art4_open", "", "no", "2012-09-01", "2012-09-30", False)),
    (("art4_completion_declared_at", "5MSP", "meeting"), "clearance",
     ("art4_open", "", "no", "2015-07-20", "2015-07-20", False)),
    (("art4_status", "completed", "status"), "clearance", ("art4_open", "", "no", "2015-07-20", "2015-07-20", False)),
    (("clearance_conducted_2014", "yes", "text"), "clearance", ("art4_open", "", "yes", "2014-01-01", "2014-12-31", False)),
    (("victims_reported", "yes", "text"), "victim_assistance", ("has_victims", "", "yes", "2015-07-20", "2015-07-20", False)),
    (("legislation_published_date", "2012-12-21"), "national_implementation",
     ("specific_law", "", "yes", "2012-12-21", "2012-12-21", False)),
    (("assistance_received_2014_remark", "among top five recipients", "text"), "cooperation",
     ("mine_action_assistance_received", 2014, "yes", "2014-01-01", "2014-12-31", False)),
    (("provisional_application_date", "2014-09-02"), "universalization",
     ("provisional_application", "", "yes", "2014-09-02", "2014-09-02", True)),
])
def test_a_status_that_is_exact_answers_a_question_on_the_day_it_speaks_of(row, theme, expected):
    assert said(*row, theme=theme) == expected


@pytest.mark.parametrize(("field", "value", "theme", "reason"), [
    ("stockpile_status", "does not stockpile", "stockpile", "a paraphrase, whose words no rule tests"),
    ("art4_status", "on track", "clearance", statements.NOT_EXACT),
    ("assistance_provided_2010_2012", "128 million", "cooperation", "of several years or States together"),
    ("assistance_pledged_2018", "12 million", "cooperation", "a pledge or a plan"),
    ("accession_date", "2013-09-13", "universalization", "the depositary's table tells it"),
    ("crpd_ratified", "2012-09-18", "victim_assistance", "of another convention or ordnance"),
    ("affected_communities", "60", "clearance", statements.NO_RULE),
])
def test_what_stays_text_says_why(field, value, theme, reason):
    assert only("background", field, value, "text", theme=theme)["reason"] == reason


def test_no_annual_report_in_a_year_is_none_on_the_year_before_it():
    made, _ = read(fact("annual_report_in_2014_not_submitted", "2014-08-12"))
    answers = made["observations"][["question", "year", "answer"]].to_numpy().tolist()
    assert answers == [[RECEIVED, 2014, "no"], [ANNUAL, 2013, "no"]]


def test_a_number_that_is_not_exact_keeps_its_words():
    for words in ("10.1 million", "over 573,000"):
        found = only("disclosures", "stockpile_submunitions_destroyed_total", words, "submunitions", theme="stockpile")
        assert pd.isna(found["value"])
        assert found["text"] == words
    found = only("disclosures", "cleared_km2_2019", "45.6", "km2 (more than)", theme="clearance")
    assert pd.isna(found["value"])
    assert found["text"] == "45.6 (more than)"
    exact = only("disclosures", "cleared_km2_2017", "33", "km2", theme="clearance")
    assert (exact["value"], exact["text"], exact["covers_year"]) == (33, "", 2017)


def test_land_is_contaminated_on_the_day_of_the_stock_and_none_says_nothing_of_the_obligation():
    made, _ = read(fact("contaminated_area_km2", "5.23", "km2 (CHA, end of 2022)", "2023-09-15", theme="clearance"))
    assert made["observations"][["question", "answer"]].to_numpy().tolist() == [["art4_open", "yes"]]
    assert f"{made['observations']['last_on'].item():%Y-%m-%d}" == "2022-12-31"
    none, _ = read(fact("contaminated_area_km2", "0", "km2 (reported none)", theme="clearance"))
    assert list(none) == ["disclosures"]


def test_assistance_names_donor_and_recipient_and_the_european_union_is_no_state():
    row = fact("assistance_received_2014_from_european_union", "500000", "US$ (mine action)", theme="cooperation")
    made, _ = read(row)
    gift = made["disclosures"].iloc[0]
    assert (gift["iso3"], gift["counterpart"], gift["unit"], gift["value"]) == ("TCD", "European Union", "USD", 500000)
    answers = made["observations"][["iso3", "question"]].to_numpy().tolist()
    assert answers == [["TCD", "mine_action_assistance_received"]]
    flag = "flag (to Lao PDR at least)"
    made, _ = read(fact("assistance_provided_2014", "yes", flag, theme="cooperation", state="European Union"))
    assert made["disclosures"][["iso3", "actor", "counterpart"]].to_numpy().tolist() == [["", "European Union", "LAO"]]
    assert made["observations"]["iso3"].tolist() == ["LAO"]
    words = "2098267 from Netherlands"
    made, _ = read(fact("assistance_received_2011", words, "USD (clearance)", theme="cooperation"))
    part = made["disclosures"].iloc[0]
    assert pd.isna(part["value"])
    assert (part["text"], part["counterpart"]) == (words, "NLD")


def test_what_is_planned_or_pending_is_no_plan():
    care = {"theme": "victim_assistance"}
    assert said("national_plan", "National Disability Plan", "text", **care)[2] == "yes"
    assert said("national_plan", "none (policy due for review)", "text", **care)[2] == "no"
    pending = only("background", "national_plan", "to be developed (action point)", "text", **care)
    assert pending["text"].startswith("to be")


def test_an_undated_page_is_placed_on_no_day():
    row = only("background", "annual_report_2013_submitted", "yes", "text", "undated (reporting period)")
    assert (row["reason"], row["as_of_stated"]) == (statements.UNDATED, "undated (reporting period)")
    assert pd.isna(row["as_of"])
    dated = only("observations", "initial_report_submitted", "2014-05-24", "date", "undated")
    assert pd.isna(dated["said_on"])


def test_a_page_whose_day_cannot_be_read_is_named():
    _, problems = read(fact("initial_report_submitted", "2014-05-24", "date", "some time in spring"))
    problem = next(iter(problems))
    assert (problem.file, problem.cell, problem.found) == (FILE, "F2", "some time in spring")


def test_no_row_gets_lost_and_each_is_counted_once(built):
    prefix = f"{FILE}:"
    rows = {name: set(frame.loc[frame["row"].str.startswith(prefix), "row"]) for name, frame in built.items()}
    rows.pop("disputes")
    report = next(report for report in built.reports if report.file == FILE)
    assert len(set().union(*rows.values())) == report.kept == 5980
    others = set().union(*(found for name, found in rows.items() if name != "background"))
    assert not rows["background"] & others
    counted = [int(note.rpartition(": ")[2]) for note in report.notes if not note.startswith("columns")]
    assert sum(counted) == report.kept


def test_every_question_has_its_rule(built):
    from ccmlib.treaty import observations

    assert set(built["observations"]["question"]) <= set(observations.questions())


def test_the_five_reports_that_another_page_dates_earlier_are_found(built):
    found = built["disputes"][built["disputes"]["clash"].str.contains("not submitted after")]
    told = found.groupby("iso3").size()
    assert {"CMR", "TCD", "MLI", "ALB", "ZMB"} <= set(told.index)
    assert set(found["followed"]) == {"other"}
    assert found["row"].isin(built["observations"]["row"]).all()


def test_the_file_is_read_in_half_a_second():
    def seconds():
        began = time.process_time()
        book = grid.read(project.RAW / FILE)
        rows = sheets.read_workbook(book, layouts.load("state_facts_by_edition"), NAMES, {}, Problems())[0]
        statements.facts(rows)
        return time.process_time() - began

    assert any(seconds() < 1 for _ in range(3))  # half a second on an idle machine; a busy one may take longer once


def test_an_office_names_the_state_that_holds_it_and_a_meeting_what_it_was():
    office = only("activities", "coordinator_victim_assistance", "2014-2015", "text", theme="universalization")
    assert (office["states"], office["title"], office["theme"]) == (
        "TCD", "Coordinator: victim assistance", "victim_assistance")
    meeting = only("activities", "activity_intersessional_meeting", "2015-06-22", "date (Geneva)", theme="universalization")
    assert (meeting["states"], meeting["title"]) == ("", "Intersessional meeting: Geneva")
