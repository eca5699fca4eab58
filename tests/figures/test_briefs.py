"""The facts of a State brief, from small tidy tables, and its calendar file."""

import pandas as pd
import pytest
from icalendar import Calendar

from ccmlib.figures import briefs
from ccmlib.language.languages import Language
from ccmlib.pages.calendar_file import calendar_link, calendar_text, write_calendar
from ccmlib.treaty import standing, status
from ccmlib.treaty.periods import Period

PERIOD = Period(
    "6MSP", pd.Timestamp(2015, 9, 12), pd.Timestamp(2016, 6, 30), 2015, "Sixth Meeting of States Parties", "Geneva"
)
END = PERIOD.end
NEXT_END = pd.Timestamp(2017, 6, 30)


def day(text):
    return pd.Timestamp(text) if text else pd.NaT


def frame(columns, *rows, days=()):
    table = pd.DataFrame(list(rows), columns=columns)
    for column in days:
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    table["source"] = [f"source {place}" for place in range(len(table))]
    table["row"] = [f"file.xlsx:Sheet:{place}" for place in range(len(table))]
    return table


ACTIONS = frame(
    ["iso3", "action", "date"],
    ("LAO", "signature", "2008-12-03"), ("LAO", "ratification", "2009-03-18"),
    ("CUB", "accession", "2016-04-06"),
    ("LTU", "signature", "2008-12-03"), ("LTU", "ratification", "2011-03-24"), ("LTU", "withdrawal", "2025-03-06"),
    ("AGO", "signature", "2008-12-03"),
    ("PER", "signature", "2008-12-03"), ("PER", "ratification", "2012-09-26"),
    ("SOM", "signature", "2008-12-03"), ("SOM", "ratification", "2015-09-30"),
    ("NER", "signature", "2008-12-03"), ("NER", "ratification", "2009-06-02"),
    days=["date"],
)
OBLIGATIONS = frame(
    ["iso3", "article", "since", "ended", "ended_precision", "end_kind"],
    ("LAO", 4, "2010-08-01", None, "", ""), ("LAO", 5, "2010-08-01", None, "", ""),
    ("LTU", 3, "2011-09-01", "2011-10-01", "day", "destroyed"),
    ("PER", 3, "2013-03-01", None, "", ""),
    days=["since", "ended"],
)
DEADLINES = frame(
    ["iso3", "article", "kind", "deadline_on", "months", "known_on"],
    ("LAO", 4, "published", "2020-08-01", None, "2016-06-01"),
    ("LAO", 4, "extension_requested", "2025-08-01", 60, "2019-02-01"),
    ("LAO", 4, "extension_granted", "2025-08-01", 60, "2019-09-01"),
    days=["deadline_on", "known_on"],
)
REPORTS = frame(
    ["iso3", "kind", "covers_year", "due_on", "submitted_on", "submitted_from", "submitted_by", "rank"],
    ("LAO", "initial", None, "2011-01-28", None, None, "2015-09-11", 1),
    ("LAO", "annual", 2015, "2016-04-30", None, None, "2016-06-30", 1),
    ("LAO", "annual", 2016, "2017-04-30", "2017-05-02", "2017-05-02", "2017-05-02", 1),
    ("LTU", "initial", None, "2012-02-28", None, None, "2015-09-11", 1),
    ("PER", "initial", None, "2013-08-28", None, None, "2015-09-11", 1),
    ("CUB", "initial", None, "2017-03-30", "2017-03-30", "2017-03-30", "2017-03-30", 1),
    ("AGO", "voluntary", 2015, None, None, None, "2016-06-30", 1),
    days=["due_on", "submitted_on", "submitted_from", "submitted_by"],
).astype({"covers_year": "Int64"})
COVERAGE = frame(
    ["subject", "covers_year", "from_on", "to_on"],
    ("initial_reports", None, "2015-09-11", "2016-06-30"), ("annual_reports", 2015, "2016-06-30", "2016-06-30"),
    days=["from_on", "to_on"],
).astype({"covers_year": "Int64"})


def period(end, name="other", start="2015-07-01", year=0):
    return Period(name, day(start), day(end), year)


def reports(iso3, of=PERIOD):
    return briefs.reports(ACTIONS, REPORTS, COVERAGE, iso3, of)


def obligations(iso3, on=END):
    return briefs.obligations(OBLIGATIONS, DEADLINES, ACTIONS, iso3, on)


def due(iso3, of=PERIOD, until=NEXT_END):
    return briefs.due(ACTIONS, obligations(iso3, of.end), reports(iso3, of), iso3, of, until)


@pytest.mark.parametrize(("iso3", "on", "what", "in_force"), [
    ("LAO", "2008-12-02", briefs.OUTSIDE, False), ("LAO", "2008-12-03", briefs.SIGNATORY, False),
    ("LAO", "2009-03-18", briefs.PARTY, False), ("LAO", "2010-08-01", briefs.PARTY, True),
    ("CUB", "2016-04-05", briefs.OUTSIDE, False), ("CUB", "2016-06-30", briefs.PARTY, False),
    ("AGO", "2025-06-30", briefs.SIGNATORY, False),
    ("LTU", "2025-03-05", briefs.PARTY, True), ("LTU", "2025-03-06", briefs.WITHDRAWN, False),
])
def test_standing_on_a_day(iso3, on, what, in_force):
    found = briefs.adherence(ACTIONS, iso3, day(on))
    assert (found.what, found.in_force) == (what, in_force)


def test_an_unknown_state_stops_with_those_that_there_are():
    with pytest.raises(briefs.UnknownState, match=r"'LAX' is not the ISO3 code.*there are AGO, CUB, LAO, LTU"):
        briefs.check_state(ACTIONS, "LAX")
    briefs.check_state(ACTIONS, "AGO")


def test_treaty_dates_follow_from_the_deposit():
    found = briefs.treaty_dates(ACTIONS, "LTU")
    assert list(zip(found["what"], found["on"], strict=True)) == [
        ("Signature", day("2008-12-03")),
        ("Deposit of the instrument of ratification", day("2011-03-24")),
        ("Entry into force", day("2011-09-01")),
        ("Initial transparency report due", day("2012-02-28")),
        ("Withdrawal takes effect", day("2025-03-06")),
    ]
    assert list(found["row"])[1:4] == ["file.xlsx:Sheet:4"] * 3
    assert list(found["known_on"])[2] == day("2011-03-24")
    assert list(briefs.treaty_dates(ACTIONS, "AGO")["key"]) == ["signature"]
    assert briefs.treaty_dates(ACTIONS, "CUB")["what"].iloc[0] == "Deposit of the instrument of accession"


def test_obligations_count_the_days_that_are_left():
    found = obligations("LAO")
    assert list(found["article"]) == [4, 5]
    clearance, victims = found.to_dict("records")
    assert (clearance["deadline_on"], clearance["days_left"]) == (day("2020-08-01"), (day("2020-08-01") - END).days)
    assert pd.isna(victims["deadline_on"])
    assert pd.isna(victims["days_left"])


def test_an_extension_counts_from_the_day_it_is_known():
    requested, granted, past = (
        obligations("LAO", day(on)).iloc[0] for on in ("2019-03-01", "2019-09-01", "2025-08-02"))
    assert (requested["deadline_on"], requested["requested_on"]) == (day("2020-08-01"), day("2025-08-01"))
    assert (granted["deadline_on"], granted["extended"]) == (day("2025-08-01"), True)
    assert pd.isna(granted["requested_on"])
    assert (past["passed"], past["days_left"]) == (True, -1)
    assert list(briefs.deadline_history(DEADLINES, "LAO", day("2019-03-01"))["kind"]) == [
        "published", "extension_requested"]


def test_an_obligation_that_ended_has_no_days_left():
    (ended,) = obligations("LTU").to_dict("records")
    assert (ended["standing"], ended["last_end_on"]) == (standing.ENDED, day("2011-10-01"))
    assert pd.isna(ended["days_left"])
    assert obligations("CUB").empty
    assert obligations("AGO").empty
    assert obligations("LTU", day("2025-06-30")).empty  # no longer bound


def stands(found):
    years = found["covers_year"].astype("object").where(found["covers_year"].notna(), "")
    return list(zip(found["kind"], years, found["standing"], strict=True))


def test_reports_submitted_and_unknown():
    found = reports("LAO")
    assert stands(found) == [
        ("initial", "", status.SUBMITTED),
        ("annual", 2011, status.UNKNOWN), ("annual", 2012, status.UNKNOWN), ("annual", 2013, status.UNKNOWN),
        ("annual", 2014, status.UNKNOWN), ("annual", 2015, status.SUBMITTED),
    ]
    assert found.iloc[-1]["due_on"] == day("2016-04-30")
    assert list(found["source"]) == ["source 0", "", "", "", "", "source 1"]


def test_a_state_that_owes_its_initial_report_owes_that_alone():
    assert stands(reports("NER")) == [("initial", "", status.OVERDUE)]


def test_an_annual_report_that_the_log_does_not_have_is_overdue():
    assert stands(reports("PER"))[-1] == ("annual", 2015, status.OVERDUE)


def test_a_report_not_yet_due():
    (found,) = reports("CUB").to_dict("records")
    assert (found["standing"], found["due_on"]) == (status.NOT_DUE, day("2017-03-30"))
    assert (found["source"], pd.isna(found["submitted_on"])) == ("", True)  # it came after the period


def test_a_signatory_has_only_what_it_volunteered():
    assert stands(reports("AGO")) == [("voluntary", 2015, status.SUBMITTED)]
    assert reports("AGO", period("2016-01-31")).empty


@pytest.mark.parametrize(("precision", "text"), [
    ("day", "1 October 2011"), ("month", "October 2011"), ("year", "2011"), ("by", "by 1 October 2011"),
])
def test_an_end_is_written_as_exactly_as_it_is_known(precision, text):
    (row,) = obligations("LTU").assign(ended_precision=precision).itertuples()
    assert briefs.ended_text(row, Language("en")) == text
    (row,) = obligations("LTU", day("2011-09-30")).itertuples()
    assert briefs.ended_text(row, Language("en")) == ""  # still open


def test_a_submission_is_written_as_exactly_as_it_is_known():
    written = [briefs.submitted_text(row, Language("en")) for row in REPORTS.itertuples()]
    assert written[1:3] == ["by 30 June 2016", "2 May 2017"]
    span = REPORTS.iloc[[1]].assign(submitted_from=day("2015-09-12"))
    assert briefs.submitted_text(next(span.itertuples()), Language("en")) == "from 12 September 2015 to 30 June 2016"
    assert [briefs.submitted_text(row, Language("en")) for row in reports("NER").itertuples()] == [""]


DISCLOSURES = frame(
    ["iso3", "covers_year", "article", "theme", "indicator", "value", "text", "unit", "as_of", "publisher"],
    ("LAO", 2015, 6, "cooperation", "assistance_requested", 1, "", "reported", "2016-06-30", "6MSP report"),
    ("LAO", 2015, 4, "clearance", "art4_risk_reduction_reported", 1, "", "reported", "2016-06-30", "6MSP report"),
    ("LAO", 2017, 4, "clearance", "cleared_area_km2", 33.0, "", "km2", None, "Monitor"),
    ("LAO", 2014, 4, "clearance", "cleared_area_km2", 31.0, "", "km2", None, "Monitor"),
    ("LAO", None, 4, "clearance", "contaminated_area_km2", 9.0, "", "km2", "2023-01-01", "Monitor"),
    ("PER", 2015, 3, "stockpile", "art3_no_information", 1, "", "reported", "2016-06-30", "6MSP report"),
    days=["as_of"],
).astype({"covers_year": "Int64"})


def test_disclosures_known_on_the_day():
    found = briefs.disclosed(DISCLOSURES, "LAO", END)
    assert list(zip(found["indicator"], found["covers_year"], found["assistance"], strict=True)) == [
        ("art4_risk_reduction_reported", 2015, False), ("cleared_area_km2", 2014, False),
        ("assistance_requested", 2015, True),
    ]


def test_a_disclosure_is_written_with_its_words_number_or_yes():
    said = pd.concat([DISCLOSURES.tail(1).assign(text=text) for text in ("some", "2015-11-24", "2015-10")])
    said = pd.concat([said, said.tail(1).assign(indicator="victims_on_territory", text="State Party")])
    rows = [*briefs.disclosed(DISCLOSURES, "LAO", END).itertuples(), *said.itertuples()]
    assert [briefs.value_text(row, Language("en")) for row in rows] == [
        "yes", "31 km²", "yes", "some", "24 November 2015", "October 2015", "yes"]
    assert [briefs.when_text(row, Language("en")) for row in rows[:3]] == ["2015", "2014", "2015"]
    (contaminated,) = DISCLOSURES[DISCLOSURES["indicator"] == "contaminated_area_km2"].itertuples()
    assert briefs.when_text(contaminated, Language("en")) == "1 January 2023"


def test_two_days_are_written_as_a_span():
    def written(*days):
        return briefs.span_text(*map(day, days), Language("en"))

    assert written("2016-05-17", "2016-05-17") == "17 May 2016"
    assert written("2016-05-17", "2016-05-18") == "from 17 May 2016 to 18 May 2016"
    assert written(None, "2016-05-18") == "by 18 May 2016"
    assert written(None, None) == ""


def test_mentions_and_activities_name_the_state():
    published = frame(
        ["period", "ref", "statement", "states"],
        ("6MSP", "para 20", "twelve affected", "AFG;LAO"), ("6MSP", "para 23", "three released land", "AFG;BIH"),
        ("7MSP", "para 9", "another period", "LAO"), ("6MSP", "para 4", "no names", None),
    )
    assert list(briefs.mentions(published, "LAO", PERIOD)["ref"]) == ["para 20"]
    assert briefs.mentions(published, "LA", PERIOD).empty
    held = frame(
        ["from_on", "to_on", "title", "states"],
        ("2015-09-12", "2016-06-30", "bilateral meetings", "AGO;BRA"), ("2016-08-01", "2016-08-31", "workshop", "AGO"),
        days=["from_on", "to_on"],
    )
    assert list(briefs.activities(held, "AGO", PERIOD)["title"]) == ["bilateral meetings"]


def test_what_is_due_next():
    found = due("CUB")
    assert list(zip(found["on"], found["what"], strict=True)) == [
        (day("2016-10-01"), "Entry into force"), (day("2017-03-30"), "Initial transparency report due")]
    found = due("LAO", until=day("2021-06-30"))
    assert list(found["key"]) == [
        "annual-report-2016", "annual-report-2017", "annual-report-2018", "annual-report-2019", "article-4-deadline",
        "annual-report-2020",
    ]
    assert list(due("CUB", until=day("2018-06-30"))["key"])[-1] == "annual-report-2017"
    assert due("AGO").empty
    assert due("LTU", period("2025-06-30"), day("2026-06-30")).empty


def calendar_of(iso3):
    dates = briefs.calendar(briefs.treaty_dates(ACTIONS, iso3), due(iso3, until=day("2021-06-30")), obligations(iso3))
    return calendar_text(dates, iso3, "Lao People's Democratic Republic", END)


def test_the_calendar_has_each_date_once_and_the_same_bytes_each_time(tmp_path):
    text = calendar_of("LAO")
    assert text == calendar_of("LAO")
    write_calendar(text, tmp_path / "LAO.ics")
    data = (tmp_path / "LAO.ics").read_bytes()
    assert b"\r\n" in data
    assert b"\r\r" not in data
    events = Calendar.from_ical(data).walk("VEVENT")
    uids = [str(event["uid"]) for event in events]
    assert uids[0] == "LAO-signature@ccm-notebooks"
    assert "LAO-article-4-deadline@ccm-notebooks" in uids
    assert len(uids) == len(set(uids)) == 10
    assert {f"{event['dtstamp'].dt:%Y-%m-%dT%H:%M%z}" for event in events} == {"2016-06-30T00:00+0000"}
    deadline = events[uids.index("LAO-article-4-deadline@ccm-notebooks")]
    assert f"{deadline['dtstart'].dt}" == "2020-08-01"
    assert deadline["summary"] == "Lao People's Democratic Republic: Deadline of clearance (Article 4)"


def test_the_calendar_of_a_signatory_holds_its_signature():
    assert [str(event["uid"]) for event in Calendar.from_ical(calendar_of("AGO")).walk("VEVENT")] == [
        "AGO-signature@ccm-notebooks"]


def test_a_page_carries_its_calendar():
    link = calendar_link("BEGIN:VCALENDAR\r\n\"<&>", "LAO.ics", "Dates <as> calendar")
    assert 'download="LAO.ics"' in link
    assert "Dates &lt;as&gt; calendar" in link
    assert "%22%3C%26%3E" in link
