"""What the sources record of a section's activities in the period: meetings, letters, workshops, statements and the like."""

import re
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    from ccmlib.notebook.section import Section

#: Between two actors; not between two States of one.
ACTORS = re.compile(r"; (?![^(]*\))")
#: What a compiler adds to a title: the last day, which the row has, and remarks on the source or on other rows.
ASIDES = re.compile(r"[;,:] (?:to \d+ \w+|[^;]*not printed[^;]*|[^;]*is a slip)(?=[;,]|$)"
                    r"| \(the same[^)]*\)|; the same[^)]*(?=\))")


def recorded(section: "Section", theme: str | None = None) -> pd.DataFrame:
    """Give the recorded activities of the period on a theme, each once, in order of their days; offices held are none.

    One that was planned belongs to the period before it, and to a period that it spans.
    """
    rows = section.read("activities")
    rows = rows[(rows["theme"] == (theme or section.meta["section"])) & (rows["kind"] != "office")]
    start, end = section.period.start, section.period.end
    within = (rows["from_on"] >= start) & (rows["to_on"] <= end)
    planned = rows["title"].str.contains("planned")
    coming = planned & (rows["from_on"] > end) & (rows["from_on"] <= section.next.end)
    rows = rows[coming | (within & ~(planned & (rows["from_on"] > start)))]
    # Two sources of one meeting give the same first day and name; the one that has the last day too is kept.
    rows = rows.assign(title=rows["title"].str.replace(ASIDES, "", regex=True)).sort_values("to_on", ascending=False)
    named = rows["title"].str.split(";").str[0]
    rows = rows[~rows.assign(named=named).duplicated(["from_on", "kind", "named", "actor", "count", "states"])]
    return rows.sort_values(["from_on", "to_on", "row"])


def sentence(section: "Section", activity: pd.Series) -> str:
    """Say a recorded activity in English, the language of its title: what, by whom, when as exactly as known, how many."""
    english = section.language.english
    actors = [actor.replace(";", " and") for actor in ACTORS.split(activity.actor)] if isinstance(activity.actor, str) else []
    whole = (activity.from_on <= section.period.start) and (activity.to_on >= section.period.end)
    when = [] if whole else [english.span(activity.from_on, activity.to_on, lasted=True)]
    said = ", ".join(filter(None, [english.join(actors), *when]))
    said = f"{activity.title} – {said}" if said else activity.title
    states = activity.states.split(";") if isinstance(activity.states, str) and activity.states else []
    named = english.join([english.state(iso3) for iso3 in section.in_order(states)])
    several = not pd.isna(activity["count"]) and activity["count"] > 1 and f"{activity['count']:.0f}" not in activity["title"]
    number = english.words(int(activity["count"])) if several else ""
    each = number and len(states) == activity["count"]
    told = f"{number} ({named})" if each and named else f"{number}, concerning {named}" if number and named else number or named
    return f"{said}: {told}." if told else f"{said}."


def record(section: "Section") -> list[dict]:
    """Give the section's activities for section.json: their sentence and the row it rests on."""
    return [{"text": sentence(section, row), "row": row["row"]} for _, row in recorded(section).iterrows()]


def meeting_days(section: "Section") -> list[str]:
    """Give the first and last day of the meeting that the report goes to, where they are on record; otherwise nothing."""
    rows = section.read("activities")
    own = rows[(rows["kind"] == "meeting") & rows["title"].str.contains(rf"\b{re.escape(section.period.name)}\b")
               & rows["title"].str.contains("Meeting of states parties|Review conference", regex=True)
               & (rows["from_on"] > section.period.end)]
    return [] if own.empty else [f"{own['from_on'].min():%Y-%m-%d}", f"{own['to_on'].max():%Y-%m-%d}"]
