"""Every recorded activity of a period reaches its section, said as exactly as it is known."""

from types import SimpleNamespace

import pandas as pd
import pytest

from ccmlib.figures.counting import Counts
from ccmlib.language.languages import Language
from ccmlib.notebook import activities, plans
from ccmlib.treaty.periods import Period

PERIOD = Period("6MSP", pd.Timestamp(2015, 9, 12), pd.Timestamp(2016, 6, 30))
NEXT = Period("7MSP", pd.Timestamp(2016, 7, 1), pd.Timestamp(2017, 6, 30))
NAMES = {"en": {"SYR": "Syrian Arab Republic", "YEM": "Yemen"}}


def row(title, first="2015-09-12", last="2016-06-30", kind="meeting", **more):
    days = {"from_on": pd.Timestamp(first), "to_on": pd.Timestamp(last)}
    return {"title": title, **days, "kind": kind, "actor": "", "count": None, "theme": "universalization", "states": None,
            "source": "s", "row": title} | more


def section(*rows, period=PERIOD):
    language = SimpleNamespace(english=Language("en", NAMES))
    table = pd.DataFrame([[p.name, p.start, p.end, None, "", ""] for p in (PERIOD, NEXT)],
                         columns=["period", "start", "end", "annual_report_year", "meeting", "place"])
    counts = SimpleNamespace(facts={"activities": pd.DataFrame(rows)}, all_periods=table)
    counts.activities = lambda wanted, period: Counts.activities(counts, wanted, period)
    return SimpleNamespace(read=counts.facts.get, counts=counts, period=period, language=language, in_order=sorted,
                           meta={"section": "universalization"})


@pytest.mark.parametrize(("given", "said"), [
    (row("Letters to States not party", kind="letters", actor="Presidency", count=53),
     "The Presidency sent fifty-three letters to States not party."),
    (row("Letters on plans", "2016-02-01", "2016-02-29", "letters", actor="Coordinators; Support Unit", count=2,
         states="SYR;YEM"),
     "The Coordinators and the Support Unit sent two letters on plans in February 2016 to Syrian Arab Republic and Yemen."),
    (row("Pledge to condemn use", "2016-05-23", "2016-05-24", "pledge", actor="Presidency"),
     "The Presidency made a pledge to condemn use on 23–24 May 2016."),
    (row("Informal meeting on norms", "2016-05-17", "2016-05-17", actor="Presidency", count=1),
     "The Presidency held an informal meeting on norms on 17 May 2016."),
    (row("Bilateral meetings", actor="Presidency", count=2, states="SYR;YEM"),
     "The Presidency held bilateral meetings (two States: Syrian Arab Republic and Yemen)."),
    (row("Discussions with operators", actor="Coordinators (Norway; Chile)"),
     "The Coordinators (Norway and Chile) held discussions with operators."),
    (row("Demarches in 32 States (planned)", kind="demarche", actor="Presidency", count=32),
     "The Presidency planned demarches in 32 States."),
    (row("Statements of concern", kind="statement", actor="Presidency", count=4, states="SYR;YEM"),
     "The Presidency issued four statements of concern, concerning Syrian Arab Republic and Yemen."),
    (row("Support to States", kind="support", actor="Support Unit"),
     "The work of the Support Unit included support to States."),
    (row("Africa workshop (planned; the same as under Reports)", "2016-08-01", "2016-08-31", "workshop", actor="Presidency"),
     "The Presidency planned an Africa workshop for August 2016."),
    (row("Meeting: coalitions; place not printed", "2016-01-01", "2016-01-02"),
     "A meeting was held on 1–2 January 2016 (coalitions)."),
    (row("Ministerial meeting; Bali", "2016-01-01", "2016-01-31", "statement"),
     "A statement was issued in January 2016 (Ministerial meeting; Bali)."),
])
def test_an_activity_is_said_no_more_exactly_than_it_is_known(given, said):
    (made,) = activities.record(section(given), {given["row"]: "In line with Action 1"})
    assert made == {"text": said, "row": given["row"], "action": "In line with Action 1"}


def test_offices_other_themes_and_other_periods_are_left_out():
    assert activities.record(section(
        row("Coordinator", kind="office"), row("Letters", theme="clearance"), row("Late", "2016-07-02", "2016-07-02"),
        row("Early", "2015-01-01", "2015-01-31")), {}) == []


def test_a_planned_one_is_told_before_it_takes_place_and_not_in_its_own_period():
    planned = row("Workshop (planned)", "2016-08-01", "2016-08-31")
    assert len(activities.record(section(planned), {})) == 1
    assert activities.record(section(planned, period=NEXT), {}) == []


def test_two_with_equal_days_and_other_titles_are_both_kept_and_a_meeting_of_two_sources_once():
    rows = [row("Initiative", kind="guidance"), row("Draft circulated", kind="guidance"),
            row("Conference; Geneva", "2016-01-05", "2016-01-05"),
            row("Conference, to 7 January; Geneva", "2016-01-05", "2016-01-07")]
    said = [made["text"] for made in activities.record(section(*rows), {})]
    assert said == ["A draft circulated was recorded.", "An initiative was recorded.",
                    "A conference was held on 5–7 January 2016 (Geneva)."]


def test_days_of_the_meeting_that_the_report_goes_to():
    meeting = row("Meeting of states parties: 6MSP, to 7 September; Geneva", "2016-09-05", "2016-09-07")
    assert activities.meeting_days(section(meeting)) == ["2016-09-05", "2016-09-07"]
    assert activities.meeting_days(section(row("Meeting of states parties: 7MSP", "2017-09-04", "2017-09-06"))) == []


def test_an_activity_answers_the_action_that_asks_for_its_kind_or_whose_figure_counts_it():
    given = section(row("Letters", kind="letters"), row("Informal meeting"), row("Side event"))
    texts = {"1.2": "Promote (a) letters", "1.3": "Reinforce"}
    tables = {
        "periods": given.counts.all_periods.assign(period=["1RC", "2RC"]), "activities": given.read("activities"),
        "action_plan": pd.DataFrame([
            {"plan": "Plan", "guides_from": "1RC", "guides_to": "2RC", "section": "universalization", "kind": "action",
             "number": number, "text": text, "figure_ids": "meetings" if number == "1.3" else ""}
            for number, text in texts.items()]),
        "action_plans": pd.DataFrame({"plan": ["Plan", "Other"], "actions": ["1.2", "1.3"],
                                      "activities": ["letters;demarche", "meeting"]})}
    given.read, given.period = tables.get, Period("", PERIOD.start, NEXT.end)
    given.figures = {"meetings": SimpleNamespace(known=True, rows=["Informal meeting"])}
    assert plans.actions_answered(given) == {
        "Letters": "In line with Action 1.2 of the Plan, “Promote”",
        "Informal meeting": "In line with Action 1.3 of the Plan, “Reinforce”"}
    given.figures["meetings"].known = False
    assert list(plans.actions_answered(given)) == ["Letters"]
