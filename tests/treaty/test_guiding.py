"""Every period knows which action plan guides it, and the numbers of its actions as far as pages show them."""

import pandas as pd
import pytest

from ccmlib.base import project
from ccmlib.base.problems import Problems
from ccmlib.ingest.reading import read_folder
from ccmlib.treaty import action_plan, periods


@pytest.fixture(scope="module")
def known() -> dict[str, pd.DataFrame]:
    return read_folder(project.RAW, Problems()).tables()


def guiding(known, name):
    period = periods.from_table(known["periods"], name)
    return action_plan.guiding(known["action_plans"], known["periods"], period)


def test_every_period_after_the_first_meeting_has_a_plan(known):
    plans = {}
    for name in known["periods"]["period"]:
        plans.setdefault(" ".join(guiding(known, name)["plan"].unique()), []).append(name)
    assert plans == {
        "": ["1MSP"],
        "Vientiane Action Plan": ["2MSP", "3MSP", "4MSP", "5MSP", "1RC"],
        "Dubrovnik Action Plan": ["6MSP", "7MSP", "8MSP", "9MSP", "2RC"],
        "Lausanne Action Plan": ["10MSP", "11MSP", "12MSP", "13MSP"],
    }


def test_numbers_of_actions_that_no_page_shows_stay_open(known):
    actions = guiding(known, "13MSP").set_index("section")["actions"]
    assert (actions["clearance"], actions["all"], actions["transparency"]) == ("18-30", "1-50?", "")
    assert (known["action_plans"]["source"] != "").all()
