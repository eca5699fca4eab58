"""The action plan that guides the work in a period, and the figures of its tables that several sections print."""

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from ccmlib.figures.figure import STATES, Figure, count, known
from ccmlib.treaty import periods
from ccmlib.treaty.periods import Period

#: Section that counts assistance.
COOPERATION, VICTIM_ASSISTANCE = "05_cooperation_assistance", "04_victim_assistance"


@dataclass(frozen=True)
class Shared:
    """A figure that the action tables of more than one section print.

    Attributes
    ----------
    stem : str
        Notebook that counts it.
    label : str
        What is counted, phrased to follow its number.
    indicators : tuple of str
        Indicators of the disclosures whose States count, each State once.
    one : str
        The label after the number one, where it differs.
    unit : str
        "States", or "workshops" for the workshops on an integrated approach.
    """

    stem: str
    label: str
    indicators: tuple[str, ...] = ()
    one: str = ""
    unit: str = STATES


#: Figure id → what it is.
SHARED = {
    "assistance_requested": Shared(
        COOPERATION, "States Parties that requested assistance", ("assistance_requested",),
        "State Party that requested assistance"),
    "assistance_requested_clearance": Shared(
        COOPERATION, "States that requested assistance for clearance", ("assistance_requested_clearance",),
        "State that requested assistance for clearance"),
    "assistance_requested_stockpile": Shared(
        COOPERATION, "States Parties that requested assistance for stockpile destruction",
        ("assistance_requested_stockpile_destruction",),
        "State Party that requested assistance for stockpile destruction"),
    "assistance_requested_victim_assistance": Shared(
        COOPERATION, "States Parties that requested assistance for victim assistance",
        ("assistance_requested_victim_assistance_specific", "assistance_requested_victim_assistance"),
        "State Party that requested assistance for victim assistance"),
    "assistance_provided_victim_assistance": Shared(
        COOPERATION, "States Parties that provided assistance for victim assistance",
        ("assistance_provided_victim_assistance",),
        "State Party that provided assistance for victim assistance"),
    "va_integrated_workshops": Shared(
        VICTIM_ASSISTANCE, "workshops on an integrated approach to victim assistance",
        one="workshop on an integrated approach to victim assistance", unit="workshops"),
}


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
        Rows of `plan`; none where the exports hold no plan for the period.
    """
    first = {name: periods.from_table(table, name).end for name in plan["guides_from"].unique()}
    last = {name: periods.from_table(table, name).end for name in plan["guides_to"].unique()}
    begun, over = plan["guides_from"].map(first) < period.end, plan["guides_to"].map(last) < period.end
    return plan[begun & ~over]


def reported(disclosures: pd.DataFrame, figure_id: str, covers_year: int) -> pd.DataFrame | None:
    """Give the rows behind a shared figure for a calendar year; None where nothing is on record.

    Raises
    ------
    KeyError
        For a figure that is not in `SHARED`.
    """
    told = disclosures["indicator"].isin(SHARED[figure_id].indicators)
    return known(disclosures[told & (disclosures["covers_year"] == covers_year)])


def integrated_workshops(activities: pd.DataFrame, period: Period) -> pd.DataFrame:
    """Give the workshops on an integrated approach to victim assistance; one that stands under two themes, once."""
    held = activities[period.contains(activities["from_on"]) & period.contains(activities["to_on"])]
    held = held[(held["kind"] == "workshop") & held["title"].str.contains("integrated approach")]
    return held.drop_duplicates(["from_on", "to_on"])


def shared_figure(figure_id: str, read: Callable[[str], pd.DataFrame], period: Period) -> Figure | None:
    """Count a figure of another section's page, as that section does; None for one that is not shared.

    Parameters
    ----------
    read : callable
        Gives a tidy table by name: ``activities`` for workshops, ``disclosures`` for what States reported.
    """
    shared = SHARED.get(figure_id)
    if shared is None:
        return None
    if shared.unit == STATES:
        value = count(reported(read("disclosures"), figure_id, period.annual_report_year), STATES)
    else:
        value = len(integrated_workshops(read("activities"), period)) or None
    label = shared.one if value == 1 and shared.one else shared.label
    return Figure(figure_id, label, value, shared.unit, page=f"{shared.stem}.html")
