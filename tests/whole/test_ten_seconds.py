"""Ten seconds of a delegate: what a fresh front page shows at once, and what it says first of each State."""

import pytest
from browsers import Opened

from ccmlib.figures import one_state
from ccmlib.figures.counting import Counts
from ccmlib.language import state_names
from ccmlib.treaty import periods
from ccmlib.treaty.facts import Facts

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Figures that name States as late, and those of which a State is free that owes nothing.
LATE = ("initial_reports_overdue", "annual_reports_overdue", "art3_deadlines_passed", "art4_deadlines_passed")
OWED = (*LATE, "art3_remaining", "art4_obligations", "art5_obligations")
#: What is said first of two States, read in the treaty and in the 6MSP report.
BY_HAND = {("6MSP", "URY"): "Annual report for 2015 overdue since 30 April 2016.",
           ("6MSP", "CHE"): "Stockpile destruction (Article 3): to be completed by 1 January 2021."}
#: Where each element ends, from the top of the page, and what it says.
ENDS = "all => all.map(node => [node.getBoundingClientRect().bottom, node.innerText || ''])"


@pytest.fixture(scope="module", params=["6MSP", "13MSP"])
def asked(request, made):
    """A report, and what the library answers for its period without it."""
    index, facts = made(request.param) / "index.html", Facts()
    period = periods.from_table(facts["periods"], request.param)
    language = state_names.speaking("en", facts.names, facts["state_names_un"], period.end)
    return index, period, one_state.OnDay(facts, period.end, language), Counts(facts)


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 700)])
def test_a_fresh_front_page_shows_who_came_and_went_what_is_due_and_the_field(asked, browser, width, height):
    index, period, known, counts = asked
    changed = [iso3 for name in ("new_parties", "withdrawals") for iso3 in counts.figure(name, period).named]
    due = min(event["on"] for iso3 in known.known for event in known.events(iso3))
    with Opened(browser, index, width) as opened:
        seen = opened.page.locator("body *").evaluate_all(ENDS)
        said = "\n".join(text for bottom, text in seen if 0 < bottom <= height)
        for iso3 in changed:
            assert known.language.state(iso3) in said
        assert known.language.date(due) in said
        assert opened.page.locator("#find-state").bounding_box()["y"] < height


@pytest.mark.parametrize(("width", "height"), [(1280, 900), (360, 700)])
def test_the_card_of_each_state_says_first_what_it_owes(asked, browser, width, height):
    index, period, known, counts = asked
    figures = {name: counts.figure(name, period) for name in OWED}
    late = {iso3 for name in LATE for iso3 in figures[name].states}
    states = sorted(set(known.facts["treaty_actions"]["iso3"]))
    assert len(states) == 124
    with Opened(browser, index, width) as opened:
        for iso3 in states:
            opened.page.fill("#find-state", known.language.state(iso3))
            line = opened.page.locator(".state-card .owed")
            text, box = line.inner_text(), line.bounding_box()
            assert text == known.first_line(iso3)[0]
            assert text.startswith(BY_HAND.get((period.name, iso3), ""))
            assert 0 < box["y"] < box["y"] + box["height"] <= height, iso3
            assert "late" in line.get_attribute("class") or iso3 not in late, iso3
            assert text != "Nothing owed." or not any(iso3 in {*one.states, *one.possible} for one in figures.values()), iso3
        assert opened.said == []
