"""Every period knows which action plan guides it, and the numbers of its actions as far as pages show them."""

from ccmlib.treaty import action_plan, periods


def guiding(built, name):
    period = periods.from_table(built["periods"], name)
    return action_plan.guiding(built["action_plans"], built["periods"], period)


def test_every_period_after_the_first_meeting_has_a_plan(built):
    plans = {}
    for name in built["periods"]["period"]:
        plans.setdefault(" ".join(guiding(built, name)["plan"].unique()), []).append(name)
    assert plans == {
        "": ["1MSP"],
        "Vientiane Action Plan": ["2MSP", "3MSP", "4MSP", "5MSP", "1RC"],
        "Dubrovnik Action Plan": ["6MSP", "7MSP", "8MSP", "9MSP", "2RC"],
        "Lausanne Action Plan": ["10MSP", "11MSP", "12MSP", "13MSP"],
    }


def test_numbers_of_actions_that_no_page_shows_stay_open(built):
    actions = guiding(built, "13MSP").set_index("section")["actions"]
    assert (actions["clearance"], actions["all"], actions["transparency"]) == ("18-30", "1-50?", "")
    assert (built["action_plans"]["source"] != "").all()
