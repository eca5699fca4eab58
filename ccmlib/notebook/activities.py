"""What the sources record of a section's activities in the period: meetings, letters, workshops, statements and the like."""

import re

import pandas as pd

#: Between two actors; not between two States of one.
ACTORS = re.compile(r"; (?![^(]*\))")
#: What is done with a thing of each kind; other kinds are said to have been part of the work.
DONE = {"letters": "sent", "questionnaire": "sent", "meeting": "held", "workshop": "held", "statement": "issued",
        "pledge": "made"}
#: The words of a title that name the thing end before these; which of them take no article; names keep their capital.
AFTER_HEAD = re.compile(r" (?:to|on|with|of|for|from|in|under)\b|[,;:(]")
NO_ARTICLE = re.compile(r"(?:s|coordination|outreach|support)$")
NAMED = re.compile(r"Africa|Asia|Europe|Latin|Pacific|Non-|[A-Z]{2}")


def recorded(section, theme: str | None = None) -> pd.DataFrame:
    """Give the recorded activities of the period on a theme, and those planned for the next; offices held are none."""
    rows = section.counts.activities({"theme": theme or section.meta["section"], "planned": None}, section.period)
    return rows[rows["kind"] != "office"]


def sentence(section, activity: pd.Series) -> str:
    """Say a recorded activity in English, the language of its title: who did what, when as exactly as known, how many."""
    english, title = section.language.english, activity.title.replace("states parties", "States Parties")
    actors = [actor.replace(";", " and") for actor in ACTORS.split(activity.actor)] if activity.actor else []
    done, planned = DONE.get(activity.kind), "(planned" in title
    title, aside = title.replace(" (planned)", ""), ""
    if not actors:
        what, _, aside = title.partition(": " if ": " in title else "; ")
        title, aside = (what, aside) if done in ("held", None) or activity.kind in what.lower() else (activity.kind, title)
    states = activity.states.split(";") if isinstance(activity.states, str) and activity.states else []
    several = 0 if pd.isna(activity["count"]) or f"{activity['count']:.0f}" in title else int(activity["count"])
    thing = _thing(title, english.words(several) if several > 1 and done in ("sent", "issued") else "")
    whole = (activity.from_on <= section.period.start) and (activity.to_on >= section.period.end)
    day = "" if whole else english.span(activity.from_on, activity.to_on)
    when = f"{',' * (',' in thing)} {'for' if planned else 'on' if day[0].isdigit() else 'in'} {day}" if day else ""
    named = english.join([english.state(iso3) for iso3 in section.in_order(states)])
    met = f" ({english.words(several)} States: {named})" if 1 < several == len(states) else f", concerning {named}"
    whom = "" if not named else f" to {named}" if activity.kind == "letters" else met
    if actors:
        who = english.join([f"the {actor}" for actor in actors])
        said = f"{who} {'planned' if planned else done} {thing}" if planned or done else f"the work of {who} included {thing}"
    else:
        plural = NO_ARTICLE.search(_head(title)) is not None
        said = f"{thing} {'were' if plural else 'was'} {'planned' if planned else done or 'recorded'}"
    said += (when + whom if activity.kind == "letters" else whom + when) + (f" ({aside})" if aside else "")
    return f"{said[0].upper()}{said[1:]}."


def _head(title: str) -> str:
    return AFTER_HEAD.split(title)[0].lower()


def _thing(title: str, number: str) -> str:
    """Write a title in a sentence, with its number or its article where it has one."""
    head, text = _head(title), title if NAMED.match(title) else title[0].lower() + title[1:]
    if NO_ARTICLE.search(head):
        return f"{number} {text}".strip()
    return f"{'an' if text[0].lower() in 'aeiou' else 'a'} {text}"


def record(section, actions: dict[str, str]) -> list[dict]:
    """Give the section's activities for section.json: their sentence, the row it rests on, the action that they answer."""
    return [{"text": sentence(section, row), "row": row["row"], "action": actions.get(row["row"], "")}
            for _, row in recorded(section).iterrows()]


def meeting_days(section) -> list[str]:
    """Give the first and last day of the meeting that the report goes to, where they are on record; otherwise nothing."""
    rows = section.read("activities")
    own = rows[(rows["kind"] == "meeting") & rows["title"].str.contains(rf"\b{re.escape(section.period.name)}\b")
               & rows["title"].str.contains("Meeting of states parties|Review conference", regex=True)
               & (rows["from_on"] > section.period.end)]
    return [] if own.empty else [f"{own['from_on'].min():%Y-%m-%d}", f"{own['to_on'].max():%Y-%m-%d}"]
