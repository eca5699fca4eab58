"""The action plan that guides the work in a period."""

import pandas as pd

from ccmlib.treaty import periods
from ccmlib.treaty.periods import Period


def in_effect(plan: pd.DataFrame, table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Keep the goals and actions of the plan that guides the work in a period.

    A plan guides the work from the end of what the conference that adopted it reviewed, to the end of what the
    conference named as its last reviews.

    Parameters
    ----------
    plan : DataFrame
        Tidy table ``action_plan``; its ``guides_from`` and ``guides_to`` name reporting periods.
    table : DataFrame
        Tidy table ``periods``.

    Returns
    -------
    DataFrame
        Rows of `plan`; none where no plan on record guides the period.
    """
    first = {name: periods.from_table(table, name).end for name in plan["guides_from"].unique()}
    last = {name: periods.from_table(table, name).end for name in plan["guides_to"].unique()}
    begun, over = plan["guides_from"].map(first) < period.end, plan["guides_to"].map(last) < period.end
    return plan[begun & ~over]


def guiding(plans: pd.DataFrame, table: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give what is known of the plan that guides the work in a period: its name and the numbers of its actions.

    Parameters
    ----------
    plans : DataFrame
        Tidy table ``action_plans``.
    table : DataFrame
        Tidy table ``periods``; a last period that is not in it is still to come.

    Returns
    -------
    DataFrame
        Rows of `plans`, one for each theme whose numbers are known and one for the whole; none where no plan guides it.
    """
    days = table.set_index("period")
    begun = plans["first_period"].map(days["start"]) <= period.end
    over = plans["last_period"].map(days["end"]) < period.end
    return plans[begun & ~over]
