"""The action plan that guides the work in a period."""

import pandas as pd

from ccmlib.treaty.periods import Period


def in_effect(plan: pd.DataFrame, table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Keep of the tidy table ``action_plan`` the goals and actions that guide the work in a period; none where no plan does.

    A plan guides the work from the end of what the conference that adopted it reviewed, to the end of what the
    conference named as its last reviews; both are periods of the tidy table ``periods``.
    """
    ends = table.set_index("period")["end"]
    return plan[(plan["guides_from"].map(ends) < period.end) & ~(plan["guides_to"].map(ends) < period.end)]


def guiding(plans: pd.DataFrame, table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Keep of the tidy table ``action_plans`` what is known of the plan that guides the work in a period.

    One row is of the whole plan, one of each theme whose numbers are known. A last period that is not in the tidy table
    ``periods`` is still to come.
    """
    days = table.set_index("period")
    begun = plans["first_period"].map(days["start"]) <= period.end
    return plans[begun & ~(plans["last_period"].map(days["end"]) < period.end)]
