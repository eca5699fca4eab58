"""Every recorded activity of a period reaches its section, said as exactly as it is known."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ccmlib.language.languages import Language
from ccmlib.notebook import activities
from ccmlib.treaty.periods import Period

PERIOD = Period("6MSP", pd.Timestamp(2015, 9, 12), pd.Timestamp(2016, 6, 30))
NEXT = Period("7MSP", pd.Timestamp(2016, 7, 1), pd.Timestamp(2017, 6, 30))
NAMES = {"en": {"SYR": "Syrian Arab Republic", "YEM": "Yemen"}}


def row(title, first="2015-09-12", last="2016-06-30", kind="meeting", **more):
    days = {"from_on": pd.Timestamp(first), "to_on": pd.Timestamp(last)}
    return {"title": title, **days, "kind": kind, "actor": None, "count": None, "theme": "universalization", "states": None,
            "source": "s", "row": title} | more


def section(*rows, period=PERIOD):
    language = SimpleNamespace(english=Language("en", NAMES))
    return SimpleNamespace(read=lambda name: pd.DataFrame(rows), period=period, next=NEXT, language=language, in_order=sorted,
                           meta={"section": "universalization"})


@pytest.mark.parametrize(("given", "said"), [
    (row("Letters", actor="Presidency", count=53), "Letters – Presidency: fifty-three."),
    (row("Letters", "2016-02-01", "2016-02-29", actor="Coordinators; Support Unit"),
     "Letters – Coordinators and Support Unit, February 2016."),
    (row("Pledge", "2016-05-23", "2016-05-24", actor="Presidency"), "Pledge – Presidency, 23–24 May 2016."),
    (row("Workshop", "2016-05-17", "2016-05-17", count=1), "Workshop – 17 May 2016."),
    (row("Discussions", actor="Coordinators (Norway; Chile)"), "Discussions – Coordinators (Norway and Chile)."),
    (row("Demarches in 32 States (planned)", actor="Presidency", count=32), "Demarches in 32 States (planned) – Presidency."),
    (row("Statements", actor="Presidency", count=4, states="SYR;YEM"),
     "Statements – Presidency: four, concerning Syrian Arab Republic and Yemen."),
    (row("Letters", count=2, states="SYR;YEM"), "Letters: two (Syrian Arab Republic and Yemen)."),
    (row("Workshop (planned; the same as under Reports)", "2016-08-01", "2016-08-31"), "Workshop (planned) – August 2016."),
    (row("Meeting: coalitions; place not printed", "2016-01-01", "2016-01-02"), "Meeting: coalitions – 1–2 January 2016."),
])
def test_an_activity_is_said_no_more_exactly_than_it_is_known(given, said):
    (made,) = activities.record(section(given))
    assert made == {"text": said, "row": given["row"]}


def test_offices_other_themes_and_other_periods_are_left_out():
    assert activities.record(section(
        row("Coordinator", kind="office"), row("Letters", theme="clearance"), row("Late", "2016-07-02", "2016-07-02"),
        row("Early", "2015-01-01", "2015-01-31"))) == []


def test_a_planned_one_is_told_before_it_takes_place_and_not_in_its_own_period():
    planned = row("Workshop (planned)", "2016-08-01", "2016-08-31")
    assert len(activities.record(section(planned))) == 1
    assert activities.record(section(planned, period=NEXT)) == []


def test_two_with_equal_days_and_other_titles_are_both_kept_and_a_meeting_of_two_sources_once():
    rows = [row("Initiative", kind="guidance"), row("Draft circulated", kind="guidance"),
            row("Conference; Geneva", "2016-01-05", "2016-01-05"),
            row("Conference, to 7 January; Geneva", "2016-01-05", "2016-01-07")]
    said = [made["text"] for made in activities.record(section(*rows))]
    assert said == ["Draft circulated.", "Initiative.", "Conference; Geneva – 5–7 January 2016."]


def test_days_of_the_meeting_that_the_report_goes_to():
    meeting = row("Meeting of states parties: 6MSP, to 7 September; Geneva", "2016-09-05", "2016-09-07")
    assert activities.meeting_days(section(meeting)) == ["2016-09-05", "2016-09-07"]
    assert activities.meeting_days(section(row("Meeting of states parties: 7MSP", "2017-09-04", "2017-09-06"))) == []
